#include "suppressions.hpp"

#include "rule_names.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cogbuild::check {
namespace {

// Takes the rule's name out of its comment, or the comment away where it is the only name.
Edit removal(const IgnoreComment& comment, std::size_t index) {
  Edit edit{.file = comment.location.file, .begin = comment.begin, .end = comment.end};
  if (comment.rules.size() == 1) return edit;
  const bool is_last = index + 1 == comment.rules.size();
  edit.begin = is_last ? comment.rules[index - 1].end : comment.rules[index].begin;
  edit.end = is_last ? comment.rules[index].end : comment.rules[index + 1].begin;
  return edit;
}

bool has_run(const std::vector<const Rule*>& ran, std::string_view id) {
  return std::any_of(ran.begin(), ran.end(), [id](const Rule* rule) { return rule->id == id; });
}

void report_name(SourceLocation place, const std::string& name, RuleReporter& report) {
  report.at(std::move(place), fmt::format("there is no rule `{}`", name), rule_name_hint(name));
}

}  // namespace

void Suppressions::add(const std::string& path, std::vector<IgnoreComment> comments) {
  if (comments.empty()) return;
  auto& entries = files_[path];
  for (auto& comment : comments) {
    const auto count = comment.rules.size();
    entries.push_back({std::move(comment), std::vector<bool>(count, false)});
  }
}

void Suppressions::read_text(const Subject& subject, const std::string& path) {
  constexpr std::uint64_t kLargestText = std::uint64_t{1} << 20;
  if (!has_comments(path) || subject.python_file(path) != nullptr || files_.contains(path)) return;
  const auto entry = subject.tree->stat(path);
  if (!entry || entry->type != io::FileType::regular) return;
  if (const auto text = subject.tree->read(path, kLargestText))
    add(path, ignore_comments(path, *text));
}

Suppressions Suppressions::read(const Subject& subject, const std::vector<Finding>& findings) {
  Suppressions out;
  for (const auto& file : subject.python) out.add(file->path(), ignore_comments(*file));
  std::vector<std::string> paths = {subject.config_file, "cogbuild.yaml", ".dockerignore"};
  if (subject.requirements)
    for (const auto& [path, text] : subject.requirements->files) paths.push_back(path);
  for (const auto& finding : findings) paths.push_back(finding.location.file);
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  for (const auto& path : paths) out.read_text(subject, path);
  return out;
}

bool Suppressions::silence(const Finding& finding) {
  const auto file = files_.find(finding.location.file);
  if (file == files_.end()) return false;
  bool silenced = false;
  for (auto& [comment, used] : file->second) {
    if (comment.silenced_line != finding.location.line) continue;
    for (std::size_t i = 0; i < comment.rules.size(); ++i) {
      if (comment.rules[i].id != finding.rule) continue;
      used[i] = true;
      silenced = true;
    }
  }
  return silenced;
}

void Suppressions::report_unused(const std::vector<const Rule*>& ran,
                                 std::vector<Finding>& findings) const {
  RuleReporter report(findings);
  for (const auto& [path, entries] : files_)
    for (const auto& [comment, used] : entries)
      for (std::size_t i = 0; i < comment.rules.size(); ++i) {
        const std::string& id = comment.rules[i].id;
        if (used[i] || !has_run(ran, id)) continue;
        report
            .at(comment.location,
                fmt::format("the comment ignores `{}`, which finds nothing on line {}", id,
                            comment.silenced_line),
                comment.rules.size() == 1 ? "remove the comment"
                                          : fmt::format("remove `{}` from it", id))
            .with_edit(removal(comment, i));
      }
}

void Suppressions::report_unknown(std::vector<Finding>& findings) const {
  RuleReporter report(findings);
  for (const auto& [path, entries] : files_)
    for (const auto& entry : entries) {
      const IgnoreComment& comment = entry.comment;
      if (!comment.well_formed)
        report.at(comment.location, "the comment names no rule",
                  "write `# cogbuild: ignore[rule]`, with the ids of rules between the brackets");
      for (const auto& rule : comment.rules) {
        if (find_rule(rule.id) != nullptr) continue;
        auto place = comment.location;
        place.column += rule.begin - comment.hash;
        report_name(std::move(place), rule.id, report);
      }
    }
}

void report_unknown_settings(const config::CheckSettings& settings,
                             std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const auto* list : {&settings.ignore, &settings.enable})
    for (const auto& name : *list)
      if (!is_rule_name(*name)) report_name(name.location, *name, report);
}

}  // namespace cogbuild::check
