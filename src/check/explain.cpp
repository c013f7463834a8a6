#include "rule_names.hpp"

#include <cogbuild/check/render.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace cogbuild::check {
namespace {

constexpr std::size_t kColumns = 80;

// Words in lines of at most kColumns.
std::string wrapped(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (column > 0 && column + 1 + word.size() > kColumns) {
      out += '\n';
      column = 0;
    }
    if (column > 0) {
      out += ' ';
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out + "\n";
}

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty()) fmt::format_to(std::back_inserter(out), "    {}", line);
    out += '\n';
  }
  return out;
}

// A cell of a Markdown table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string explain(const Rule& rule) {
  std::string out =
      fmt::format("{} ({}, {})\n\n{}\n{}", rule.id, to_string(rule.group), to_string(rule.severity),
                  wrapped(fmt::format("{}.", rule.summary)), wrapped(rule.why));
  if (!rule.bad.empty()) out += "\nBad:\n\n" + indented(rule.bad);
  if (!rule.good.empty()) out += "\nGood:\n\n" + indented(rule.good);
  out += "\n";
  if (rule.fixable) out += "`cogbuild check --fix` mends it.\n";
  if (!rule.on_by_default)
    fmt::format_to(std::back_inserter(out),
                   "It is off by default; `--enable {0}`, or `check: {{enable: [{0}]}}` in "
                   "cogbuild.yaml, turns it on.\n",
                   rule.id);
  fmt::format_to(std::back_inserter(out),
                 "To silence it, write `# cogbuild: ignore[{0}]` at the end of the line or above "
                 "it, or in\ncogbuild.yaml:\n\n    check:\n      ignore: [{0}]\n",
                 rule.id);
  return out;
}

Result<std::string> explain_rule(std::string_view id) {
  const Rule* const rule = find_rule(id);
  if (rule == nullptr) return fail(unknown_rule(id));
  return explain(*rule);
}

std::string rules_as_text() {
  std::size_t width = 0;
  for (const auto& rule : rules()) width = std::max(width, rule.id.size());
  std::string out;
  std::string_view group;
  for (const auto& rule : rules()) {
    if (to_string(rule.group) != group) {
      fmt::format_to(std::back_inserter(out), "{}{}\n", out.empty() ? "" : "\n",
                     to_string(rule.group));
      group = to_string(rule.group);
    }
    fmt::format_to(std::back_inserter(out), "  {:<{}}  {:<7}  {}{}\n", rule.id, width,
                   to_string(rule.severity), rule.summary,
                   rule.on_by_default ? "" : " (off by default)");
  }
  return out;
}

std::string rules_as_markdown() {
  std::string out =
      "| rule | group | severity | on | fix | what it finds |\n"
      "| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& rule : rules())
    fmt::format_to(std::back_inserter(out), "| `{}` | {} | {} | {} | {} | {} |\n", rule.id,
                   to_string(rule.group), to_string(rule.severity),
                   rule.on_by_default ? "yes" : "no", rule.fixable ? "yes" : "",
                   cell(rule.summary));
  return out;
}

}  // namespace cogbuild::check
