#include "direct_root.hpp"

#include <cogbuild/git/location.hpp>
#include <cogbuild/python/direct_fragment.hpp>
#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace cogbuild::resolve {
namespace {

bool is_url(const std::string& location) { return location.find("://") != std::string::npos; }

bool is_archive_name(const std::string& file_name) {
  return python::is_wheel_file_name(file_name) || python::is_source_archive_file_name(file_name);
}

// The file a URL or path names; empty when it is no URL that can be read.
std::string file_name_of(const std::string& location) {
  if (!is_url(location)) return location.substr(location.rfind('/') + 1);
  const auto parsed = url::parse(location);
  return parsed ? parsed->file_name() : std::string();
}

Result<void> refuse_other_control(const std::string& location) {
  for (const std::string_view scheme : {"hg+", "svn+", "bzr+"})
    if (location.starts_with(scheme))
      return fail(
          Error(ErrorKind::unsupported, fmt::format("`{}` requirements are not supported", scheme))
              .hint("build a wheel of it and name the wheel's path or URL"));
  return {};
}

Result<void> set_name(Root& root, const python::PackageName& name, const std::string& source) {
  if (root.name.empty()) root.name = name;
  if (root.name == name) return {};
  return fail(Error(ErrorKind::config,
                    fmt::format("`{}` is {} of `{}`, not of `{}`", describe_direct(root.direct),
                                source, to_string(name), to_string(root.name))));
}

Result<void> set_fragment(Root& root, const std::string& location) {
  TRY_ASSIGN(auto fragment, python::DirectFragment::of(location));
  if (!fragment.egg.empty()) {
    if (!root.name.empty() && root.name != fragment.egg)
      return fail(
          Error(ErrorKind::config, fmt::format("the URL says `egg={}`, the requirement `{}`",
                                               to_string(fragment.egg), to_string(root.name))));
    root.name = std::move(fragment.egg);
    if (root.extras.empty()) root.extras = std::move(fragment.extras);
  }
  for (auto& hash : fragment.hashes) root.hashes.push_back(std::move(hash));
  return {};
}

Result<void> fill(Root& root, const std::string& location) {
  TRY(refuse_other_control(location));
  root.direct = location.empty() ? "." : location;
  if (location.starts_with("git+")) {
    TRY(git::Location::parse(location));
    return set_fragment(root, location);
  }
  const std::string file_name = file_name_of(location);
  if (is_url(location)) {
    TRY_ASSIGN(const auto parsed, url::parse(location));
    if (!is_archive_name(file_name) && parsed.scheme != "file")
      return fail(Error(ErrorKind::unsupported,
                        fmt::format("`{}` is neither a wheel nor a source archive", file_name)));
    TRY(set_fragment(root, location));
  }
  if (python::is_wheel_file_name(file_name)) {
    TRY_ASSIGN(const auto wheel, python::WheelName::parse(file_name));
    return set_name(root, wheel.name, "a wheel");
  }
  // A forge names its archives for a tag: what the requirement says is better known.
  if (const auto source = python::SdistName::parse(file_name); source && root.name.empty())
    root.name = source->name;
  return {};
}

}  // namespace

Result<void> set_direct(Root& root, const std::string& location) {
  if (auto filled = fill(root, location); !filled)
    return fail(std::move(filled).error().at(root.location));
  return {};
}

std::string why_unhashable(const Root& root) {
  if (root.direct.empty()) return {};
  if (root.direct.starts_with("git+")) return "a git checkout cannot be hashed";
  return is_archive_name(file_name_of(root.direct)) ? "" : "a directory cannot be hashed";
}

std::string describe_direct(const std::string& location) {
  if (!location.starts_with("git+")) {
    const std::string name = file_name_of(location);
    return name.empty()
               ? location.substr(0, is_url(location) ? location.find("://") : location.size())
               : name;
  }
  const auto place = git::Location::parse(location);
  if (!place) return "git";
  return place->revision.empty() ? "git+" + place->url
                                 : fmt::format("git+{}@{}", place->url, place->revision);
}

}  // namespace cogbuild::resolve
