#include "config_checks.hpp"
#include "rule_reporter.hpp"
#include "sdk_version.hpp"
#include "source_offset.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::check {
namespace {

enum class Topic { unknown_key, deprecated_key, other };

// The reader of cog.yaml and cogbuild.yaml tells them apart by their words alone.
Topic topic_of(const Error& error) {
  const std::string_view message = error.message();
  if (message.starts_with("unknown key ")) return Topic::unknown_key;
  if (message.ends_with(" is deprecated")) return Topic::deprecated_key;
  return Topic::other;
}

SourceLocation place_of(const Subject& subject, const Error& error) {
  return error.location().value_or(SourceLocation{.file = subject.config_file});
}

std::string first_hint(const Error& error, std::string_view otherwise) {
  return error.hints().empty() ? std::string(otherwise) : error.hints().front();
}

void report_topic(const Subject& subject, const std::vector<Error>& errors, Topic topic,
                  std::string_view fix, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const auto& error : errors)
    if (topic_of(error) == topic)
      report.at(place_of(subject, error), error.message(), first_hint(error, fix));
}

// `predict:` with its key alone replaced. Nothing where the place holds something else, such as an
// alias of YAML, and where an older Cog in the image looks for the older key.
std::optional<Edit> rename_predict(const Subject& subject, const SourceLocation& place) {
  constexpr std::string_view kOldKey = "predict";
  if (place.file != subject.config_file || !uses_sdk(subject, kSdkWithRunner)) return std::nullopt;
  auto begin = offset_of(subject.config_text, place);
  if (!begin) return std::nullopt;
  const std::string_view rest = std::string_view(subject.config_text).substr(*begin);
  const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
  if (quoted) *begin += 1;
  if (!rest.substr(quoted ? 1 : 0).starts_with(kOldKey)) return std::nullopt;
  return Edit{
      .file = subject.config_file, .begin = *begin, .end = *begin + kOldKey.size(), .text = "run"};
}

}  // namespace

void find_invalid_config(const Subject& subject, std::vector<Finding>& findings) {
  report_topic(subject, subject.config_faults, Topic::other, "correct the file", findings);
  report_topic(subject, subject.requirement_faults, Topic::other, "correct the requirements",
               findings);
  report_topic(subject, subject.listing_faults, Topic::other,
               "correct the file, or leave it out by a line in .dockerignore", findings);
}

void find_unknown_keys(const Subject& subject, std::vector<Finding>& findings) {
  report_topic(subject, subject.config_faults, Topic::unknown_key, "remove the key", findings);
  report_topic(subject, subject.config_warnings, Topic::unknown_key, "remove the key", findings);
}

void find_deprecated_keys(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  if (!subject.config) {
    // A file with faults has no warnings; this one key is worth a look all the same.
    for_each_line(subject.config_text, [&](const TextLine& line) {
      if (line.text.starts_with("predict:"))
        report.at(line.at(subject.config_file), "`predict` is deprecated", "write `run` instead");
    });
    return;
  }
  for (const auto& error : subject.config_warnings) {
    if (topic_of(error) != Topic::deprecated_key) continue;
    const auto place = place_of(subject, error);
    report.at(place, error.message(), first_hint(error, "remove the key"));
    if (!error.message().starts_with("`predict`")) continue;
    if (auto edit = rename_predict(subject, place))
      report.with_edit(*std::move(edit));
    else if (!uses_sdk(subject, kSdkWithRunner))
      findings.back().fix = "write `run` instead, together with cog 0.20 or newer in the image";
  }
}

void find_doubtful_values(const Subject& subject, std::vector<Finding>& findings) {
  report_topic(subject, subject.config_warnings, Topic::other, "correct the file", findings);
}

}  // namespace cogbuild::check
