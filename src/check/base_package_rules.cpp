#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "source_offset.hpp"

#include <cogbuild/base/debian_base.hpp>
#include <cogbuild/check/subject.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace cogbuild::check {
namespace {

// What every Debian and Ubuntu has, and what Cog puts in place itself: nobody loses them with the
// line in cog.yaml, on whatever base.
bool is_everywhere(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"base-files",   "base-passwd", "bash",      "ca-certificates",
       "coreutils",    "dash",        "debconf",   "debianutils",
       "dpkg",         "findutils",   "grep",      "gzip",
       "libc-bin",     "libc6",       "libcrypt1", "libgcc-s1",
       "libselinux1",  "libstdc++6",  "libzstd1",  "mawk",
       "ncurses-base", "sed",         "tar",       "tini",
       "zlib1g"});
  return std::ranges::find(kNames, name) != kNames.end();
}

// What the packages of a composed base need themselves, whichever suite and Python.
bool is_needed_by_base(std::string_view name, std::string_view suite) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"debconf", "libacl1", "libattr1", "libbz2-1.0", "libc6", "libgcc-s1", "liblzma5",
       "libpcre2-8-0", "libselinux1", "libtinfo6", "libzstd1", "openssl", "zlib1g"});
  return std::ranges::find(kNames, name) != kNames.end() ||
         (name == "libssl3" && suite == "bookworm");
}

// Nothing for a base that is not composed, or that cannot be.
std::optional<base::DebianBase> composed_base(const Subject& subject) {
  const auto& wish = *subject.settings.base;
  const auto suite = wish.empty() ? std::string() : base::native_suite(wish);
  if (!suite) return std::nullopt;
  auto base =
      base::debian_base({.python_version = *subject.config->python_version, .suite = *suite});
  if (!base) return std::nullopt;
  return *std::move(base);
}

bool is_in(const base::DebianBase& base, std::string_view name) {
  return std::ranges::find(base.packages, name) != base.packages.end() ||
         is_needed_by_base(name, base.suite);
}

// The line of an entry that stands alone on it: `- "tini"`, a comment behind it or not.
std::optional<Edit> drop_entry(const Subject& subject, const config::Located<std::string>& entry) {
  const std::string_view text = subject.config_text;
  const auto place = offset_of(text, entry.location);
  if (!place) return std::nullopt;
  const auto begin = line_begin(text, *place);
  const auto end = line_end(text, *place);
  const auto before = text.substr(begin, *place - begin);
  const auto dash = before.find_first_not_of(' ');
  if (dash == std::string_view::npos || before[dash] != '-' ||
      before.find_first_not_of(' ', dash + 1) != std::string_view::npos)
    return std::nullopt;
  auto value = text.substr(*place, end - *place);
  while (value.ends_with('\n') || value.ends_with('\r')) value.remove_suffix(1);
  value = value.substr(0, value.find(" #"));
  while (value.ends_with(' ')) value.remove_suffix(1);
  const bool is_plain = value == *entry || value == fmt::format("\"{}\"", *entry) ||
                        value == fmt::format("'{}'", *entry);
  if (!is_plain) return std::nullopt;
  return Edit{.file = subject.config_file, .begin = begin, .end = end};
}

void find_in_base(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || subject.config->system_packages.empty()) return;
  const auto base = composed_base(subject);
  if (!base) return;
  const auto& wishes = subject.config->system_packages;
  // A list of which nothing stays would be a key without a value.
  const bool is_kept = std::ranges::any_of(
      wishes, [&](const auto& wish) { return !is_in(*base, *wish) || !is_everywhere(*wish); });
  RuleReporter report(findings);
  for (const auto& wish : wishes) {
    if (!is_in(*base, *wish)) continue;
    report.at(wish.location, fmt::format("every base that cogbuild composes has `{}`", *wish),
              is_everywhere(*wish) ? "remove it"
                                   : "remove it, unless the project is built on another base too");
    if (!is_kept || !is_everywhere(*wish)) continue;
    if (auto edit = drop_entry(subject, wish)) report.with_edit(*std::move(edit));
  }
}

constexpr std::array kRules = {
    Rule{.id = "system-package-in-base",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .fixable = true,
         .summary = "a system package that the base has already",
         .why = "The line does nothing, and whoever reads the list takes it for something that "
                "the model needs. Where cogbuild.yaml names an image as the base, nothing is said.",
         .bad = "system_packages:\n  - ca-certificates\n  - ffmpeg",
         .good = "system_packages:\n  - ffmpeg",
         .find = find_in_base},
};

}  // namespace

std::span<const Rule> base_package_rules() { return kRules; }

}  // namespace cogbuild::check
