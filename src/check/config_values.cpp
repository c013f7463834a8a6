#include "config_checks.hpp"
#include "rule_reporter.hpp"
#include "sdk_version.hpp"
#include "source_offset.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {
namespace {

// `3.10`: as a number it is 3.1.
bool loses_a_zero(std::string_view text) {
  const std::size_t dot = text.find('.');
  return dot != std::string_view::npos && dot > 0 && text.size() > dot + 2 && text.ends_with('0') &&
         text.find_first_not_of("0123456789.") == std::string_view::npos &&
         text.find('.', dot + 1) == std::string_view::npos;
}

std::string without_zeros(std::string text) {
  while (text.ends_with('0')) text.pop_back();
  return text;
}

std::string_view without_blanks(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

// A line that is `key:` and no more, with what follows it on deeper levels.
struct BareKey {
  std::size_t indent = 0;
  TextLine line{};
  std::string_view name{};
};
std::optional<BareKey> bare_key(const TextLine& line) {
  static constexpr std::array<std::string_view, 18> kKeys = {"gpu",
                                                             "cuda",
                                                             "cudnn",
                                                             "python_version",
                                                             "python_requirements",
                                                             "python_packages",
                                                             "run",
                                                             "image",
                                                             "model",
                                                             "system_packages",
                                                             "pre_install",
                                                             "sdk_version",
                                                             "train",
                                                             "build",
                                                             "predict",
                                                             "environment",
                                                             "weights",
                                                             "concurrency"};
  const std::string_view rest = without_blanks(line.text);
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string_view behind = without_blanks(rest.substr(colon + 1));
  if (!behind.empty() && !behind.starts_with('#')) return std::nullopt;
  const std::string_view name = rest.substr(0, colon);
  if (std::find(kKeys.begin(), kKeys.end(), name) == kKeys.end()) return std::nullopt;
  return BareKey{line.text.size() - rest.size(), line, name};
}

// Whether a line is content that belongs to the key above: deeper, or an item on the same level.
bool belongs_to(const BareKey& key, std::string_view line) {
  const std::string_view content = without_blanks(line);
  const std::size_t indent = line.size() - content.size();
  const bool item = content == "-" || content.starts_with("- ");
  return indent > key.indent || (indent == key.indent && item);
}

}  // namespace

void find_old_python(const Subject& subject, std::vector<Finding>& findings) {
  if (!has_old_python(subject)) return;
  const auto& version = subject.config->python_version;
  RuleReporter(findings).at(
      version.location,
      fmt::format("Python {} gets no fixes any more, and Cog 0.22 refuses it", *version),
      "set `python_version: \"3.12\"`, and newer versions of the packages that need it");
}

void find_unquoted_versions(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  const auto look = [&](std::string_view key, const config::Located<std::string>& version) {
    if (!loses_a_zero(*version)) return;
    const auto begin = offset_of(subject.config_text, version.location);
    if (!begin || !std::string_view(subject.config_text).substr(*begin).starts_with(*version))
      return;  // in quotes, or the name of an anchor
    report
        .at(version.location,
            fmt::format("`{}: {}` is a number to other readers of YAML: {}", key, *version,
                        without_zeros(*version)),
            fmt::format("write `{}: \"{}\"`", key, *version))
        .with_edit({.file = subject.config_file,
                    .begin = *begin,
                    .end = *begin + version->size(),
                    .text = fmt::format("\"{}\"", *version)});
  };
  look("python_version", subject.config->python_version);
  look("cuda", subject.config->cuda);
  look("cudnn", subject.config->cudnn);
  look("sdk_version", subject.config->sdk_version);
}

void find_empty_keys(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  std::optional<BareKey> pending;
  bool in_build = false;
  const auto settle = [&] {
    if (!pending || pending->name == "build") return;
    const std::size_t begin = pending->line.begin;
    report
        .at(pending->line.at(subject.config_file, pending->indent),
            fmt::format("`{}` is empty: it says nothing", pending->name), "remove the key")
        .with_edit({.file = subject.config_file,
                    .begin = begin,
                    .end = line_end(subject.config_text, begin)});
  };
  for_each_line(subject.config_text, [&](const TextLine& line) {
    const std::string_view content = without_blanks(line.text);
    if (content.empty() || content.starts_with('#')) return;
    if (pending && !belongs_to(*pending, line.text)) settle();
    pending = bare_key(line);
    const bool top_level = content.size() == line.text.size();
    if (top_level) in_build = pending && pending->name == "build";
    // Deeper than the keys of `build` stand items and their mappings.
    if (!top_level && !in_build) pending.reset();
  });
  settle();
}

}  // namespace cogbuild::check
