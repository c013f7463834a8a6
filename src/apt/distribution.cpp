#include "distribution.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace cogbuild::apt {

namespace {

constexpr auto kDebianSuites = std::to_array<std::string_view>(
    {"jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "duke", "sid",
     "stable", "oldstable", "testing", "unstable", "rc-buggy", "oldoldstable", "experimental"});
constexpr auto kDebianAliases = std::to_array<std::string_view>(
    {"stable", "oldstable", "oldoldstable", "testing", "unstable", "sid"});
constexpr auto kUbuntuSuites =
    std::to_array<std::string_view>({"trusty", "xenial", "bionic", "focal", "jammy", "noble",
                                     "oracular", "plucky", "questing", "resolute", "devel"});
constexpr auto kRolling =
    std::to_array<std::string_view>({"sid", "unstable", "rc-buggy", "experimental"});

bool holds(std::span<const std::string_view> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

// `NAME=value` or `NAME="value"`, the last one.
std::string value_of(std::string_view text, std::string_view name) {
  std::string value;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.starts_with(name) || !line.substr(name.size()).starts_with('=')) continue;
    line.remove_prefix(name.size() + 1);
    if (line.size() >= 2 && (line.front() == '"' || line.front() == '\'') &&
        line.back() == line.front())
      line = line.substr(1, line.size() - 2);
    value = line;
  }
  return value;
}

bool has_word(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (text.substr(0, end) == word) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace

std::optional<Distribution> parse_os_release(std::string_view text) {
  const std::string id = value_of(text, "ID");
  const std::string like = value_of(text, "ID_LIKE");
  const auto is = [&](std::string_view name) { return id == name || has_word(like, name); };
  Distribution found{.id = is("ubuntu") ? "ubuntu" : is("debian") ? "debian" : ""};
  if (found.id.empty()) return std::nullopt;
  found.codename = value_of(text, found.id == "ubuntu" ? "UBUNTU_CODENAME" : "DEBIAN_CODENAME");
  if (found.codename.empty()) found.codename = value_of(text, "VERSION_CODENAME");
  if (found.codename.empty()) return std::nullopt;
  return found;
}

std::string_view distribution_of_suite(std::string_view suite) {
  if (holds(kDebianSuites, suite)) return "debian";
  if (holds(kUbuntuSuites, suite)) return "ubuntu";
  return {};
}

bool is_rolling(std::string_view suite) { return holds(kRolling, suite); }

std::optional<std::string_view> suffix_of_suite(std::string_view suite, const Distribution& host) {
  const auto suffix_after = [suite](std::string_view name) -> std::optional<std::string_view> {
    if (!suite.starts_with(name)) return std::nullopt;
    const auto rest = suite.substr(name.size());
    if (rest == "/updates") return "-security";
    if (rest.empty() || rest == "-updates" || rest == "-security") return rest;
    return std::nullopt;
  };
  if (const auto suffix = suffix_after(host.codename)) return suffix;
  if (host.id != "debian") return std::nullopt;
  for (const auto alias : kDebianAliases)
    if (const auto suffix = suffix_after(alias)) return suffix;
  return std::nullopt;
}

}  // namespace cogbuild::apt
