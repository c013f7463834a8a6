#include "request.hpp"

#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <utility>

namespace cogbuild::resolve {
namespace {

namespace fs = std::filesystem;

// cog before this brought its own server and needs no coglet.
constexpr const char* kFirstVersionWithCoglet = "0.17.0";

Root runtime_root(const std::string& name, const std::string& where) {
  return {.name = python::PackageName::parse(name).value(),
          .location = {.file = where},
          .group = lock::Group::runtime};
}

Result<void> pin(Root& root, const std::string& version_text, const SourceLocation& location) {
  auto version = python::Version::parse(version_text);
  if (!version) return fail(std::move(version).error().at(location));
  root.prereleases = version->is_prerelease();
  TRY_ASSIGN(root.specifiers,
             python::SpecifierSet::parse(fmt::format("=={}", to_string(*version))));
  return {};
}

// The one wheel of the project in a directory.
Result<std::string> wheel_in(const fs::path& directory, const Root& root) {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    const auto wheel = python::WheelName::parse(entry.path().filename().string());
    if (wheel && wheel->name == root.name) found.push_back(entry.path().string());
  }
  if (found.size() == 1) return found.front();
  return fail(
      Error(ErrorKind::config, fmt::format("`{}` holds {} wheels of `{}`, not one",
                                           directory.string(), found.size(), to_string(root.name)))
          .at(root.location));
}

// The value of COG_SDK_WHEEL or COGLET_WHEEL: `pypi`, `pypi:X`, a URL, a file or a directory.
Result<Root> from_setting(const std::string& name, const std::string& variable,
                          const std::string& value) {
  Root root = runtime_root(name, variable);
  if (value == "pypi") return root;
  if (value.starts_with("pypi:")) {
    TRY(pin(root, value.substr(5), root.location));
    return root;
  }
  root.direct = value;
  if (value.find("://") != std::string::npos) return root;
  std::error_code error;
  if (fs::is_directory(value, error)) {
    TRY_ASSIGN(root.direct, wheel_in(value, root));
  } else if (!fs::is_regular_file(value, error)) {
    return fail(Error(ErrorKind::config, fmt::format("there is no file or directory `{}`", value))
                    .at(root.location));
  }
  // The project's paths are relative to its root, this one to the working directory.
  root.direct = fs::absolute(root.direct, error).lexically_normal().string();
  return root;
}

}  // namespace

Result<std::vector<Root>> runtime_roots(const Options& options, const config::Config& config) {
  std::vector<Root> roots;
  if (!options.sdk_wheel.empty()) {
    TRY_ASSIGN(auto cog, from_setting("cog", "COG_SDK_WHEEL", options.sdk_wheel));
    roots.push_back(std::move(cog));
  } else {
    Root cog = runtime_root("cog", "the cog runtime");
    const std::string& version = *config.sdk_version;
    if (!version.empty()) cog.location = config.sdk_version.location;
    if (version == "prerelease") {
      cog.prereleases = true;
    } else if (!version.empty()) {
      TRY(pin(cog, version, cog.location));
    }
    roots.push_back(std::move(cog));
  }
  const Root& cog = roots.front();
  const auto* const pinned = cog.specifiers.pin();
  const bool has_coglet =
      pinned == nullptr ||
      pinned->version >= python::Version::parse(kFirstVersionWithCoglet).value();
  if (!options.coglet_wheel.empty() && has_coglet) {
    TRY_ASSIGN(auto coglet, from_setting("coglet", "COGLET_WHEEL", options.coglet_wheel));
    roots.push_back(std::move(coglet));
  }
  return roots;
}

}  // namespace cogbuild::resolve
