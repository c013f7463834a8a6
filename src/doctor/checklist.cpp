#include <cogbuild/check/rule.hpp>
#include <cogbuild/doctor/checklist.hpp>
#include <cogbuild/error/printable.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace cogbuild::doctor {
namespace {

Grade grade_of(check::Severity severity) {
  switch (severity) {
    case check::Severity::error:
      return Grade::error;
    case check::Severity::warning:
      return Grade::warning;
    case check::Severity::hint:
      return Grade::hint;
  }
  return Grade::ok;
}

std::string_view name_of(const Item& item) {
  if (item.skipped) return "skipped";
  switch (item.grade) {
    case Grade::ok:
      return "ok";
    case Grade::hint:
      return "hint";
    case Grade::warning:
      return "warning";
    case Grade::error:
      return "error";
  }
  return "";
}

std::string_view color_of(const Item& item) {
  if (item.skipped || item.grade == Grade::hint) return "\x1b[2m";
  if (item.grade == Grade::ok) return "\x1b[32m";
  return item.grade == Grade::warning ? "\x1b[33m" : "\x1b[31m";
}

std::string place(const check::Finding& finding) {
  const auto& at = finding.location;
  const std::string file = printable_path(at.file);
  if (at.line == 0) return file;
  return fmt::format("{}:{}:{}", file, at.line, at.column);
}

std::size_t count_fixable(const std::vector<Item>& items) {
  std::size_t count = 0;
  for (const Item& item : items)
    count += static_cast<std::size_t>(
        std::count_if(item.findings.begin(), item.findings.end(),
                      [](const check::Finding& finding) { return !finding.edits.empty(); }));
  return count;
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string summary(const std::vector<Item>& items) {
  const std::size_t errors = count(items, Grade::error);
  const std::size_t warnings = count(items, Grade::warning);
  if (errors + warnings == 0) return "nothing is wrong\n";
  std::string out = fmt::format("{}, {}", counted(errors, "error"), counted(warnings, "warning"));
  if (const std::size_t fixable = count_fixable(items); fixable > 0)
    out += fmt::format("; `cogbuild doctor --fix` can change {}", fixable);
  return out + "\n";
}

}  // namespace

std::vector<Item> checklist(const check::Outcome& outcome,
                            const std::vector<Verdict>& environment) {
  std::vector<Item> out;
  const auto add_rule = [&](std::string group, std::string_view id) {
    Item item{.group = std::move(group), .id = std::string(id)};
    for (const check::Finding& finding : outcome.findings) {
      if (finding.rule != id) continue;
      item.grade = std::max(item.grade, grade_of(finding.severity));
      item.findings.push_back(finding);
    }
    out.push_back(std::move(item));
  };
  const auto knows = [&](std::string_view id) {
    return std::any_of(out.begin(), out.end(), [&](const Item& item) { return item.id == id; });
  };
  for (const check::Rule& rule : check::rules())
    if (rule.doctor) add_rule(rule.group == check::Group::config ? "Config" : "Python", rule.id);
  // What the engine itself has to say.
  for (const check::Finding& finding : outcome.findings)
    if (!knows(finding.rule)) add_rule("Python", finding.rule);
  const bool unreadable = std::any_of(out.begin(), out.end(), [](const Item& item) {
    return item.id == "config-invalid" && !item.findings.empty();
  });
  for (Item& item : out) item.skipped = unreadable && item.findings.empty();
  for (const Verdict& verdict : environment)
    out.push_back({.group = "Environment",
                   .id = verdict.id,
                   .grade = verdict.grade,
                   .message = verdict.message,
                   .fix = verdict.fix});
  return out;
}

std::size_t count(const std::vector<Item>& items, Grade grade) {
  std::size_t out = 0;
  for (const Item& item : items) {
    if (item.findings.empty() && item.grade == grade) ++out;
    for (const check::Finding& finding : item.findings)
      if (grade_of(finding.severity) == grade) ++out;
  }
  return out;
}

std::string render_text(const std::vector<Item>& items, bool color) {
  constexpr std::string_view kReset = "\x1b[0m";
  std::string out;
  std::string_view group;
  for (const Item& item : items) {
    if (item.group != group) {
      group = item.group;
      out += fmt::format("{}{}\n", out.empty() ? "" : "\n", group);
    }
    const std::string mark = fmt::format("{:<7}", name_of(item));
    out += fmt::format("  {}{}{}  {}\n", color ? color_of(item) : "", mark, color ? kReset : "",
                       item.message.empty() ? item.id : printable(item.message));
    if (!item.fix.empty()) out += fmt::format("           fix: {}\n", printable(item.fix));
    for (const check::Finding& finding : item.findings)
      out += fmt::format("           {}: {}\n           fix: {}{}\n", place(finding),
                         printable(finding.message), printable(finding.fix),
                         finding.edits.empty() ? "" : " (--fix)");
  }
  return out + "\n" + summary(items);
}

std::string render_json(const std::vector<Item>& items) {
  nlohmann::ordered_json checks = nlohmann::ordered_json::array();
  for (const Item& item : items) {
    nlohmann::ordered_json entry = {
        {"group", item.group}, {"id", item.id}, {"status", name_of(item)}};
    if (!item.message.empty()) entry["message"] = item.message;
    if (!item.fix.empty()) entry["fix"] = item.fix;
    for (const check::Finding& finding : item.findings)
      entry["findings"].push_back({{"severity", check::to_string(finding.severity)},
                                   {"file", finding.location.file},
                                   {"line", finding.location.line},
                                   {"column", finding.location.column},
                                   {"message", finding.message},
                                   {"fix", finding.fix},
                                   {"fixable", !finding.edits.empty()}});
    checks.push_back(std::move(entry));
  }
  const nlohmann::ordered_json document = {{"version", 1},
                                           {"errors", count(items, Grade::error)},
                                           {"warnings", count(items, Grade::warning)},
                                           {"fixable", count_fixable(items)},
                                           {"checks", std::move(checks)}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cogbuild::doctor
