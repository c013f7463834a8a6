#include "entry_point.hpp"
#include "import_edits.hpp"
#include "python_checks.hpp"
#include "rule_reporter.hpp"
#include "sdk_version.hpp"

#include <cogbuild/syntax/expressions.hpp>
#include <cogbuild/syntax/imports.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::check {
namespace {

using syntax::Node;

constexpr std::string_view kWarningClass = "ExperimentalFeatureWarning";

// What Cog's Python side had before 0.17; `name` empty: the whole module.
struct Removed {
  std::string_view module{};
  std::string_view name{};
  std::string_view fix{};
};
constexpr std::array<Removed, 18> kRemoved = {{
    {"cog.types", "ExperimentalFeatureWarning",
     "remove the import and what filters this warning: metrics are no experiment any more"},
    {"cog.types", "Weights", "write `Path | str` instead"},
    {"cog.types", "Input", "import `Input` from `cog`"},
    {"cog.types", "CogConfig", "remove the import"},
    {"cog.files", "", "remove the import: the server handles files itself"},
    {"cog.json", "", "remove the import: the server writes JSON itself"},
    {"cog.schema", "", "remove the import"},
    {"cog.logging", "", "use `logging` of Python"},
    {"cog.config", "", "remove the import"},
    {"cog.base_input", "", "import `Input` from `cog`"},
    {"cog.base_predictor", "", "import `BaseRunner` from `cog`"},
    {"cog.code_xforms", "", "remove the import"},
    {"cog.env_property", "", "read `os.environ`"},
    {"cog.wait", "", "remove the import"},
    {"cog.server.exceptions", "", "import `CancelationException` from `cog`"},
    {"cog.server.helpers", "", "remove the import: the server is no longer Python"},
    {"cog.server.runner", "", "remove the import: the server is no longer Python"},
    {"cog.server.worker", "", "remove the import: the server is no longer Python"},
}};

const Removed* removed(const syntax::Import& item) {
  const auto found = std::find_if(kRemoved.begin(), kRemoved.end(), [&](const Removed& entry) {
    return entry.module == item.module && (entry.name.empty() || entry.name == item.original);
  });
  return found == kRemoved.end() ? nullptr : &*found;
}

// `warnings.filterwarnings("ignore", category=ExperimentalFeatureWarning)` as a statement of its
// own.
bool filters_the_warning(const Node& statement, const syntax::Names& names) {
  const Node call = statement.first_named_child();
  if (!statement.is("expression_statement") || !call.is("call")) return false;
  const std::string function = names.resolve(call.field("function"));
  return (function == "warnings.filterwarnings" || function == "warnings.simplefilter") &&
         syntax::dotted_name(syntax::keyword_argument(call, "category")) == kWarningClass;
}

// Removes the class, the filters that need it, and `import warnings` where only they needed that.
// Nothing where something else uses the class.
std::optional<std::vector<Edit>> without_warning_class(const PythonFile& file,
                                                       const syntax::Import& item) {
  if (!item.top_level || item.local != kWarningClass) return std::nullopt;
  std::vector<Node> filters;
  std::vector<Node> imports_of_warnings;
  for (const Node& statement : file.module()->root().named_children()) {
    if (filters_the_warning(statement, file.names())) filters.push_back(statement);
    if (statement.is("import_statement") && statement.text() == "import warnings")
      imports_of_warnings.push_back(statement);
  }
  const auto in_filter = [&](const Node& node) {
    return std::any_of(filters.begin(), filters.end(), [&](const Node& filter) {
      return node.begin() >= filter.begin() && node.end() <= filter.end();
    });
  };
  bool used_elsewhere = false;
  bool warnings_used = false;
  std::size_t imports = 0;
  syntax::walk(file.module()->root(), [&](const Node& node) {
    if (node.is("import_statement")) return false;
    if (node.is("import_from_statement")) {
      if (node.text().find(kWarningClass) != std::string_view::npos) ++imports;
      return false;
    }
    if (node.is("identifier") && !in_filter(node)) {
      used_elsewhere = used_elsewhere || node.text() == kWarningClass;
      warnings_used = warnings_used || node.text() == "warnings";
    }
    return true;
  });
  auto import_edits = drop_imported_names(item.node, {kWarningClass});
  if (used_elsewhere || imports != 1 || !import_edits) return std::nullopt;
  std::vector<Edit> out = *std::move(import_edits);
  if (filters.empty()) return out;
  if (!warnings_used && imports_of_warnings.size() == 1)
    filters.push_back(imports_of_warnings.front());
  for (const Node& statement : filters) {
    auto edit = drop_statement(statement);
    if (!edit) return std::nullopt;
    out.push_back(*std::move(edit));
  }
  return out;
}

void add_edits(std::optional<std::vector<Edit>> edits, RuleReporter& report) {
  if (!edits) return;
  for (Edit& edit : *edits) report.with_edit(std::move(edit));
}

void report_files(const std::optional<schema::Signature>& signature, RuleReporter& report) {
  if (!signature) return;
  for (const schema::Input& input : signature->inputs) {
    const auto is_file = [](const schema::InputType& type) {
      return type.kind == schema::InputType::Kind::primitive &&
             type.primitive == schema::Primitive::file;
    };
    if (is_file(input.type) ||
        (input.type.kind == schema::InputType::Kind::array && is_file(input.type.of.front())))
      report.at(input.location, fmt::format("`{}` is a `File`, which Cog will drop", input.name),
                "use `cog.Path`: the value is then the path of a file to open");
  }
}

}  // namespace

void find_removed_imports(const Subject& subject, std::vector<Finding>& findings) {
  if (!uses_sdk(subject, kSdkWithoutPythonServer)) return;
  RuleReporter report(findings);
  for (const EntryPoint& entry : entry_points(subject)) {
    if (entry.file->module() == nullptr || !entry.file->mentions({"cog."})) continue;
    for (const syntax::Import& item : syntax::imports(*entry.file->module())) {
      const Removed* const entry_of_list = removed(item);
      // Below `try` the file may be ready for both.
      if (entry_of_list == nullptr || !item.top_level) continue;
      const std::string what =
          entry_of_list->name.empty() ? item.module : item.module + "." + item.original;
      report.at(item.node, fmt::format("`{}` is gone since Cog 0.17", what),
                std::string(entry_of_list->fix));
      if (item.original == kWarningClass)
        add_edits(without_warning_class(*entry.file, item), report);
    }
  }
}

void find_deprecated_names(const Subject& subject, std::vector<Finding>& findings) {
  if (!uses_sdk(subject, kSdkWithoutPythonServer)) return;
  RuleReporter report(findings);
  for (const EntryPoint& entry : entry_points(subject)) {
    if (entry.file->module() == nullptr || !entry.file->mentions({kWarningClass, "emit_metric"}))
      continue;
    for (const syntax::Import& item : syntax::imports(*entry.file->module())) {
      if (item.module != "cog") continue;
      if (item.original == kWarningClass) {
        report.at(item.node, "`cog.ExperimentalFeatureWarning` is deprecated: nothing raises it",
                  "remove the import and what filters this warning");
        add_edits(without_warning_class(*entry.file, item), report);
      } else if (item.original == "emit_metric") {
        report.at(item.node, "`cog.emit_metric` is deprecated",
                  "call `self.record_metric(name, value)` of the runner");
      }
    }
  }
  report_files(subject.predict, report);
  report_files(subject.train, report);
}

void find_old_decorators(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const EntryPoint& entry : entry_points(subject)) {
    const auto& names = entry.file->names();
    for (const Node& base : entry.class_node.field("superclasses").named_children())
      if (names.resolve(base) == "cog.Model")
        report.at(base, "`cog.Model` is of a Cog before 0.1",
                  "inherit from `BaseRunner`, and make each `@cog.input` a parameter of `run`");
    for (const Node& statement : entry.class_node.field("body").named_children()) {
      const Node function = syntax::function_definition(statement);
      if (!function) continue;
      for (const Node& decorator : syntax::decorators(function)) {
        const Node callee = decorator.is("call") ? decorator.field("function") : decorator;
        if (names.resolve(callee) != "cog.input") continue;
        report.at(decorator, "`@cog.input` is of a Cog before 0.1",
                  "make it a parameter: `name: type = Input(description=…)`");
        break;
      }
    }
  }
}

}  // namespace cogbuild::check
