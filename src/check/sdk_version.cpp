#include "sdk_version.hpp"

#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <tuple>

namespace cogbuild::check {
namespace {

bool reaches(const python::Version& version, std::uint64_t minor) {
  return version.epoch() > 0 || version.segment(0) > 0 || version.segment(1) >= minor;
}

// The version of cog that pylock.toml pins. The table is short and its writer is known: reading it
// as TOML would cost more than all the rest of a check.
std::optional<python::Version> locked_version(const io::Tree& project) {
  constexpr std::uint64_t kLargestLock = std::uint64_t{8} << 20;
  constexpr std::string_view kName = "\nname = \"cog\"\n";
  constexpr std::string_view kVersion = "version = \"";
  const auto text = project.read("pylock.toml", kLargestLock);
  if (!text) return std::nullopt;
  const std::size_t at = text->find(kName);
  if (at == std::string::npos) return std::nullopt;
  std::string_view rest = std::string_view(*text).substr(at + kName.size());
  if (!rest.starts_with(kVersion)) return std::nullopt;
  rest.remove_prefix(kVersion.size());
  if (auto version = python::Version::parse(rest.substr(0, rest.find('"')))) return *version;
  return std::nullopt;
}

bool requirements_allow(const python::RequirementsFile& file, std::uint64_t minor) {
  const auto last = python::Version::parse(fmt::format("0.{}.9999", minor));
  const auto newest = python::Version::parse("0.9999");
  if (!last || !newest) return true;
  return std::all_of(file.requirements.begin(), file.requirements.end(), [&](const auto& line) {
    const auto& [name, specifiers] = std::tie(line.requirement.name, line.requirement.specifiers);
    if (name.value() != "cog") return true;
    if (const auto* pin = specifiers.pin()) return reaches(pin->version, minor);
    return specifiers.contains(*last) || specifiers.contains(*newest);
  });
}

}  // namespace

bool has_old_python(const Subject& subject) {
  constexpr std::uint64_t kOldestMinor = 10;
  if (!subject.config || subject.config->python_version->empty()) return false;
  const auto version = python::Version::parse(*subject.config->python_version);
  return version && version->segment(0) == 3 && version->segment(1) < kOldestMinor;
}

bool uses_sdk(const Subject& subject, std::uint64_t minor) {
  if (!subject.config || has_old_python(subject)) return false;
  const std::string& chosen = *subject.config->sdk_version;
  if (chosen == "prerelease") return true;
  if (!chosen.empty()) {
    const auto version = python::Version::parse(chosen);
    return version && reaches(*version, minor);
  }
  if (subject.requirements && !requirements_allow(*subject.requirements, minor)) return false;
  const auto locked = locked_version(*subject.tree);
  return !locked || reaches(*locked, minor);
}

}  // namespace cogbuild::check
