#include "rule_choice.hpp"
#include "suppression_rules.hpp"
#include "suppressions.hpp"
#include "unite_findings.hpp"

#include <cogbuild/check/check.hpp>
#include <cogbuild/project/path_pattern.hpp>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace cogbuild::check {
namespace {

// Adds what `find` adds, as findings of the rule.
template <class Find>
void collect(const Rule& rule, std::vector<Finding>& findings, Find find) {
  const auto before = findings.size();
  find(findings);
  for (auto i = before; i < findings.size(); ++i) {
    findings[i].rule = rule.id;
    findings[i].severity = rule.severity;
  }
}

// The patterns of `check.exclude`. A directory stands for all below it.
class Excluded {
 public:
  explicit Excluded(const config::CheckSettings& settings) {
    for (const auto& text : settings.exclude) {
      std::string_view pattern = *text;
      while (pattern.ends_with('/')) pattern.remove_suffix(1);
      if (auto parsed = project::PathPattern::parse(pattern))
        patterns_.push_back(*std::move(parsed));
    }
  }

  [[nodiscard]] bool contains(std::string_view path) const {
    if (patterns_.empty()) return false;
    for (auto end = path.find('/');; end = path.find('/', end + 1)) {
      const auto part = path.substr(0, end);
      if (std::any_of(patterns_.begin(), patterns_.end(),
                      [part](const auto& pattern) { return pattern.matches(part); }))
        return true;
      if (end == std::string_view::npos) return false;
    }
  }

 private:
  std::vector<project::PathPattern> patterns_{};
};

auto order(const Finding& finding) {
  return std::tie(finding.location.file, finding.location.line, finding.location.column,
                  finding.rule, finding.message);
}

void sort_without_doubles(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& left, const Finding& right) {
    return order(left) < order(right);
  });
  findings.erase(std::unique(findings.begin(), findings.end(),
                             [](const Finding& left, const Finding& right) {
                               return order(left) == order(right);
                             }),
                 findings.end());
}

std::vector<std::string_view> ids(const std::vector<const Rule*>& rules) {
  std::vector<std::string_view> out;
  for (const Rule* rule : rules) out.push_back(rule->id);
  return out;
}

bool has_severity(const Outcome& outcome, Severity severity) {
  return std::any_of(outcome.findings.begin(), outcome.findings.end(),
                     [severity](const Finding& finding) { return finding.severity == severity; });
}

}  // namespace

Result<Outcome> check(const Subject& subject, const Options& options) {
  const auto& settings = subject.settings.check;
  TRY_ASSIGN(const auto choice, choose_rules(settings, options));
  Outcome outcome{.files = subject.python.size()};
  auto& findings = outcome.findings;
  for (const Rule* rule : choice.run)
    collect(*rule, findings, [&](auto& found) { rule->find(subject, found); });

  auto suppressions = Suppressions::read(subject, findings);
  const Excluded excluded(settings);
  const auto ignored = ids(choice.ignored);
  const auto is_silenced = [&](const Finding& finding) {
    // The comment first: it is used even where something else silences the finding too.
    return suppressions.silence(finding) || excluded.contains(finding.location.file) ||
           std::find(ignored.begin(), ignored.end(), finding.rule) != ignored.end();
  };
  sort_without_doubles(findings);
  outcome.silenced += std::erase_if(findings, is_silenced);

  std::vector<Finding> about_comments;
  for (const Rule* rule : choice.run) {
    if (rule->id == kUnknownRule)
      collect(*rule, about_comments, [&](auto& found) {
        suppressions.report_unknown(found);
        report_unknown_settings(settings, found);
      });
    if (rule->id == kUnusedIgnore)
      collect(*rule, about_comments,
              [&](auto& found) { suppressions.report_unused(choice.run, found); });
  }
  outcome.silenced += std::erase_if(about_comments, is_silenced);
  findings.insert(findings.end(), std::make_move_iterator(about_comments.begin()),
                  std::make_move_iterator(about_comments.end()));
  sort_without_doubles(findings);
  unite_findings(findings);
  return outcome;
}

bool has_errors(const Outcome& outcome) { return has_severity(outcome, Severity::error); }
bool has_warnings(const Outcome& outcome) { return has_severity(outcome, Severity::warning); }

}  // namespace cogbuild::check
