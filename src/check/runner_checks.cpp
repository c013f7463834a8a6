#include "entry_point.hpp"
#include "python_checks.hpp"
#include "rule_reporter.hpp"
#include "sdk_version.hpp"

#include <cogbuild/syntax/expressions.hpp>
#include <cogbuild/syntax/imports.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {
namespace {

using syntax::Node;

// The name that a parameter without a default gives; empty for others.
std::string_view required_name(const Node& parameter) {
  if (parameter.is("identifier")) return parameter.text();
  if (!parameter.is("typed_parameter")) return {};
  const Node name = parameter.first_named_child();
  return name.is("identifier") ? name.text() : std::string_view();
}

bool gives_way(const Node& function) {
  bool found = false;
  syntax::walk(function.field("body"), [&](const Node& node) {
    if (found || node.is("function_definition") || node.is("lambda")) return false;
    if (node.is("await")) found = true;
    if (node.is("for_statement") || node.is("with_statement") || node.is("for_in_clause"))
      found = found || node.text().starts_with("async");
    return !found;
  });
  return found;
}

}  // namespace

void find_both_methods(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !uses_sdk(subject, kSdkWithRunner)) return;
  const auto entry = entry_point(subject, subject.config->predict);
  if (!entry || !entry->class_node) return;
  const auto runs = methods(entry->class_node, "run");
  if (runs.empty() || methods(entry->class_node, "predict").empty()) return;
  RuleReporter(findings).at(
      runs.front().field("name"),
      fmt::format("`{}` has both `run()` and `predict()`: Cog refuses to start it", entry->name),
      "keep `run()` for the model's method, and give the other one another name");
}

void find_setup_arguments(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  const auto entry = entry_point(subject, subject.config->predict);
  if (!entry || !entry->class_node) return;
  RuleReporter report(findings);
  for (const Node& setup : methods(entry->class_node, "setup")) {
    bool first = true;
    for (const Node& parameter : setup.field("parameters").named_children()) {
      if (parameter.is("comment")) continue;
      if (std::exchange(first, false)) continue;  // self
      // What follows is optional or by name only.
      if (parameter.is("list_splat_pattern") || parameter.is("keyword_separator")) break;
      const auto name = required_name(parameter);
      if (name.empty() || name == "weights") continue;
      report.at(parameter, fmt::format("`setup()` is called without `{}`", name),
                "give it a default, or read the value inside: Cog passes `weights` at most");
    }
  }
}

void find_blocking_async(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.predict || !subject.predict->asynchronous) return;
  const int most = std::max(subject.config->concurrency_max.value_or(1),
                            subject.predict->concurrency_max.value_or(1));
  const auto entry = entry_point(subject, subject.config->predict);
  if (most < 2 || !entry || !entry->class_node) return;
  const auto found = methods(entry->class_node, subject.predict->function);
  if (found.size() != 1 || gives_way(found.front())) return;
  RuleReporter(findings).at(
      found.front().field("name"),
      fmt::format("`{}` is async, but awaits nothing: one prediction blocks all others",
                  subject.predict->function),
      "await what takes long, with `await asyncio.to_thread(…)` around code that blocks");
}

void find_relative_imports(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const EntryPoint& entry : entry_points(subject)) {
    if (entry.file->module() == nullptr || !entry.file->mentions({"from ."})) continue;
    std::size_t last_line = 0;
    for (const syntax::Import& item : syntax::imports(*entry.file->module())) {
      if (!item.top_level || !item.module.starts_with('.')) continue;
      if (std::exchange(last_line, item.node.line()) == item.node.line()) continue;
      report.at(item.node,
                fmt::format("`{}` is loaded as a file of its own, in no package: a relative import "
                            "fails",
                            entry.path),
                "import by the name below the project's root, as in `from helpers import …`");
    }
  }
}

}  // namespace cogbuild::check
