#include "entry_point.hpp"
#include "import_edits.hpp"
#include "python_checks.hpp"
#include "rule_reporter.hpp"
#include "sdk_version.hpp"
#include "source_offset.hpp"

#include <cogbuild/syntax/expressions.hpp>
#include <cogbuild/syntax/imports.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A class that inherits from pydantic's `BaseModel` and allows arbitrary types, which was the way
// to return a `cog.Path` from a model before Cog had a `BaseModel` without pydantic.

namespace cogbuild::check {
namespace {

using syntax::Node;

constexpr std::string_view kPydanticBase = "pydantic.BaseModel";
constexpr std::string_view kOption = "arbitrary_types_allowed";

Node pydantic_base(const Node& class_node, const syntax::Names& names) {
  for (const Node& base : class_node.field("superclasses").named_children())
    if (names.resolve(base) == kPydanticBase) return base;
  return {};
}

Node assignment(const Node& statement) {
  const Node first = statement.is("expression_statement") ? statement.first_named_child() : Node();
  return first.is("assignment") ? first : Node();
}

// `model_config = ConfigDict(arbitrary_types_allowed=True)`.
bool allows_arbitrary_types(const Node& statement) {
  const Node node = assignment(statement);
  const Node call = node.field("right");
  return node.field("left").text() == "model_config" && call.is("call") &&
         syntax::keyword_argument(call, kOption).text() == "True";
}

// Fields that mean the same in a dataclass, which a class of `cog.BaseModel` is: a name with a
// type, perhaps a plain default, those without one first; besides them a docstring and the option.
bool is_plain(const Node& class_node) {
  bool has_default = false;
  for (const Node& statement : class_node.field("body").named_children()) {
    if (statement.is("comment") || statement.is("pass_statement")) continue;
    if (statement.is("expression_statement") && statement.first_named_child().is("string"))
      continue;
    const Node node = assignment(statement);
    if (!node) return false;
    if (allows_arbitrary_types(statement)) {
      if (syntax::arguments(node.field("right")).size() != 1) return false;
      continue;
    }
    const Node value = node.field("right");
    if (!node.field("type") || !node.field("left").is("identifier")) return false;
    if (!value && has_default) return false;
    has_default = has_default || value;
    if (value && !value.is("none") && !value.is("true") && !value.is("false") &&
        !value.is("integer") && !value.is("float") && !value.is("string"))
      return false;
  }
  return true;
}

// Methods that pydantic gives its classes; a dataclass has none of them.
bool uses_pydantic_methods(const PythonFile& file) {
  return file.mentions({"model_dump", "model_validate", "model_construct", "model_copy",
                        "model_fields", "parse_obj", "parse_raw", ".dict(", ".json(", ".copy(",
                        "__fields__", "schema_json", "validator"});
}

// Uses of a name outside imports, and outside of `classes`.
std::size_t uses_of(const PythonFile& file, std::string_view name,
                    const std::vector<Node>& classes) {
  std::size_t count = 0;
  syntax::walk(file.module()->root(), [&](const Node& node) {
    if (node.is("import_from_statement") || node.is("import_statement")) return false;
    if (std::find(classes.begin(), classes.end(), node) != classes.end()) return false;
    if (node.is("identifier") && node.text() == name) ++count;
    return true;
  });
  return count;
}

class Fixer {
 public:
  Fixer(const PythonFile& file, std::vector<Node> classes)
      : file_(file), classes_(std::move(classes)), imports_(syntax::imports(*file.module())) {}

  // All classes of the file at once, since they share its imports.
  std::optional<std::vector<Edit>> edits() {
    if (uses_pydantic_methods(file_) || file_.module()->root().has_error()) return std::nullopt;
    for (const Node& node : classes_)
      if (!is_plain(node) || !syntax::decorators(node).empty()) return std::nullopt;
    const bool import_ok = provide_base() && drop_imports();
    if (!import_ok) return std::nullopt;
    for (const Node& node : classes_)
      if (!change_class(node)) return std::nullopt;
    return std::move(edits_);
  }

 private:
  // The item of a `from` import at the top level, of one module alone.
  const syntax::Import* import_of(std::string_view module, std::string_view original) const {
    const auto found = std::find_if(imports_.begin(), imports_.end(), [&](const auto& item) {
      return item.module == module && item.original == original && item.top_level;
    });
    return found == imports_.end() ? nullptr : &*found;
  }
  const syntax::Import* any_import_of(std::string_view module) const {
    const auto found = std::find_if(imports_.begin(), imports_.end(), [&](const auto& item) {
      return item.module == module && item.top_level && !item.original.empty() &&
             item.original != "*";
    });
    return found == imports_.end() ? nullptr : &*found;
  }
  bool is_bound(std::string_view local) const {
    return std::any_of(imports_.begin(), imports_.end(),
                       [&](const auto& item) { return item.local == local; });
  }

  // Chooses the name of Cog's class and sees that the file imports it.
  bool provide_base() {
    if (const auto* known = import_of("cog", "BaseModel")) {
      base_ = known->local;
      return true;
    }
    const auto* old = import_of("pydantic", "BaseModel");
    const bool taken =
        old != nullptr && old->local == "BaseModel" && uses_of(file_, "BaseModel", classes_) > 0;
    base_ = taken ? "CogBaseModel" : "BaseModel";
    if (is_bound(base_) && (old == nullptr || old->local != base_)) return false;
    const std::string item = taken ? "BaseModel as CogBaseModel" : "BaseModel";
    if (const auto* cog = any_import_of("cog")) {
      auto edit = add_imported_name(cog->node, item);
      if (!edit) return false;
      edits_.push_back(*std::move(edit));
      return true;
    }
    const auto first = std::find_if(imports_.begin(), imports_.end(), [](const auto& other) {
      return other.top_level && other.module == "pydantic";
    });
    if (first == imports_.end()) return false;
    const std::size_t at = line_begin(file_.text(), first->node.begin());
    edits_.push_back({.file = file_.path(),
                      .begin = at,
                      .end = at,
                      .text = fmt::format("from cog import {}\n", item)});
    return true;
  }

  // `BaseModel`, `ConfigDict` and `import pydantic`, where nothing else needs them.
  bool drop_imports() {
    std::vector<std::string_view> names;
    Node statement;
    for (const std::string_view name : {"BaseModel", "ConfigDict"}) {
      const auto* item = import_of("pydantic", name);
      if (item == nullptr || uses_of(file_, item->local, classes_) > 0) continue;
      if (statement && statement != item->node) return true;  // two statements: both may stay
      statement = item->node;
      names.push_back(name);
    }
    // A name that Cog's class takes over must go.
    const auto* old = import_of("pydantic", "BaseModel");
    const bool must_go = old != nullptr && old->local == base_;
    if (!names.empty()) {
      auto dropped = drop_imported_names(statement, names);
      if (!dropped && must_go) return false;
      if (dropped) edits_.insert(edits_.end(), dropped->begin(), dropped->end());
    }
    if (uses_of(file_, "pydantic", classes_) > 0) return true;
    for (const auto& item : imports_)
      if (item.node.text() == "import pydantic")
        if (auto edit = drop_statement(item.node)) edits_.push_back(*std::move(edit));
    return true;
  }

  bool change_class(const Node& node) {
    const Node base = pydantic_base(node, file_.names());
    if (base.text() != base_) edits_.push_back({file_.path(), base.begin(), base.end(), base_});
    for (const Node& statement : node.field("body").named_children()) {
      if (!allows_arbitrary_types(statement)) continue;
      auto edit = drop_statement(statement);
      if (!edit) return false;
      edits_.push_back(*std::move(edit));
    }
    return true;
  }

  const PythonFile& file_;
  std::vector<Node> classes_;
  std::vector<syntax::Import> imports_;
  std::string base_{};
  std::vector<Edit> edits_{};
};

}  // namespace

void find_pydantic_models(const Subject& subject, std::vector<Finding>& findings) {
  if (!uses_sdk(subject, kSdkWithoutPythonServer)) return;
  RuleReporter report(findings);
  for (const EntryPoint& entry : entry_points(subject)) {
    if (entry.file->module() == nullptr || !entry.file->mentions({kOption})) continue;
    std::vector<Node> classes;
    for (const Node& statement : entry.file->module()->root().named_children()) {
      const Node node = syntax::class_definition(statement);
      if (!node || !pydantic_base(node, entry.file->names())) continue;
      const auto body = node.field("body").named_children();
      if (std::any_of(body.begin(), body.end(), allows_arbitrary_types)) classes.push_back(node);
    }
    if (classes.empty()) continue;
    const auto edits = Fixer(*entry.file, classes).edits();
    for (const Node& node : classes) {
      report.at(node.field("name"),
                fmt::format("`{}` is a model of pydantic made to allow any type",
                            node.field("name").text()),
                edits ? "inherit from `cog.BaseModel`, which takes them as it is"
                      : "inherit from `cog.BaseModel`, which takes them as it is; by hand, since "
                        "the class uses what only pydantic has");
      // The edits of all classes hang on the first: they are made together or not at all.
      if (!edits || node != classes.front()) continue;
      for (const Edit& edit : *edits) report.with_edit(edit);
    }
  }
}

}  // namespace cogbuild::check
