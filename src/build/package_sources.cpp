#include "package_sources.hpp"

#include <cogbuild/apt/host_sources.hpp>

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

namespace cogbuild::build {

namespace {

// Ubuntu's PRETTY_NAME has no codename.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kUbuntuReleases = {{
    {"Ubuntu 20.04", "focal"},
    {"Ubuntu 22.04", "jammy"},
    {"Ubuntu 24.04", "noble"},
    {"Ubuntu 25.10", "questing"},
    {"Ubuntu 26.04", "resolute"},
}};

}  // namespace

std::string codename_of(const std::string& os_release) {
  for (const auto& [prefix, codename] : kUbuntuReleases)
    if (os_release.starts_with(prefix)) return std::string(codename);
  const auto open = os_release.rfind('(');
  const auto close = os_release.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return "";
  return os_release.substr(open + 1, close - open - 1);
}

Result<apt::SourceSet> package_sources(const Project& project, const std::string& suite,
                                       const compose::BaseFiles& below) {
  const auto& settings = project.settings.debian;
  if (!settings.sources.empty()) {
    std::vector<std::string> lines;
    for (const auto& line : settings.sources) lines.push_back(line.value);
    auto sources = apt::named_sources(lines, suite, "cogbuild.yaml");
    if (!sources) return fail(std::move(sources).error().at(settings.sources.front().location));
    // As if `trusted=yes` stood in each of them.
    if (settings.allow_unsigned)
      for (auto& source : sources->sources) source.trusted = true;
    return sources;
  }
  if (!below.empty()) {
    TRY_ASSIGN(auto sources, apt::base_sources(below));
    if (!sources.sources.empty()) return sources;
  }
  if (suite.empty())
    return fail(
        Error(ErrorKind::config, "the base does not say which release of Debian or Ubuntu it is")
            .hint("name its package sources as `debian.sources` in cogbuild.yaml"));
  return apt::host_sources(suite);
}

Result<apt::Mirrors> package_mirrors(const Project& project, const std::string& suite,
                                     const compose::BaseFiles& below) {
  apt::Mirrors mirrors{.snapshot = project.settings.debian.snapshot.value};
  auto sources = package_sources(project, suite, below);
  // What is pinned says where it lies: a host without apt can fetch it from there.
  if (sources)
    mirrors.sources = *std::move(sources);
  else if (sources.error().kind() != ErrorKind::not_found)
    return fail(std::move(sources).error());
  return mirrors;
}

}  // namespace cogbuild::build
