#include <cogbuild/plan/plan_image.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace cogbuild::plan {

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

// What pip leaves out of freeze unless asked: itself, what is part of Python, and before
// Python 3.12 the tools that came along.
std::set<std::string> left_out(const std::string& python_version) {
  std::set<std::string> names{"pip", "python", "argparse", "wsgiref"};
  const auto version = python::Version::parse(python_version);
  const auto modern = python::Version::parse("3.12");
  if (!version || !modern || *version < *modern)
    names.insert({"setuptools", "wheel", "distribute"});
  return names;
}

// pip prints a version in its canonical spelling, and one that is none after `===`.
std::string frozen(const std::string& name, const std::string& version) {
  const auto parsed = python::Version::parse(version);
  return parsed ? fmt::format("{}=={}\n", name, to_string(*parsed))
                : fmt::format("{}==={}\n", name, version);
}

}  // namespace

std::string pip_freeze(const lock::Lock& lock, const base::TreeSummary& base) {
  const auto omitted = left_out(base.interpreter ? base.interpreter->version : lock.python_version);
  std::map<std::string, std::string> lines;  // by lower-cased name, as pip sorts them
  std::set<std::string> seen;
  for (const auto& distribution : lock.distributions) {
    seen.insert(distribution.name);
    if (omitted.contains(distribution.name)) continue;
    const bool from_url =
        distribution.direct_url && distribution.location.find("://") != std::string::npos;
    lines[lower(distribution.metadata_name)] =
        from_url ? fmt::format("{} @ {}#sha256={}\n", distribution.metadata_name,
                               distribution.location, distribution.digest.hex())
                 : frozen(distribution.metadata_name, distribution.version);
  }
  for (const auto& distribution : lock.distributions)
    for (const auto& name : distribution.stands_for)
      if (seen.insert(python::normalize_name(name)).second)
        lines[lower(name)] = frozen(name, distribution.version);
  for (const auto& distribution : base.distributions) {
    const std::string name = python::normalize_name(distribution.name);
    // Ours stand before the base's on the path and hide them.
    if (omitted.contains(name) || !seen.insert(name).second) continue;
    lines[lower(distribution.name)] = frozen(distribution.name, distribution.version);
  }
  std::string out;
  for (const auto& [name, line] : lines) out += line;
  return out;
}

}  // namespace cogbuild::plan
