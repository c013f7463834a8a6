#include "entry_point.hpp"
#include "python_checks.hpp"
#include "rule_reporter.hpp"
#include "sdk_version.hpp"
#include "text_lines.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// `predict()` of a class that inherits from `BasePredictor` becomes `run()` of one that inherits
// from `BaseRunner`. The edit is offered only where all uses of these names are in sight: the class
// and the file keep their names, since others may import them.

namespace cogbuild::check {
namespace {

using syntax::Node;

constexpr std::string_view kOldBase = "BasePredictor";
constexpr std::string_view kNewBase = "BaseRunner";

bool is_old_base(std::string_view full_name) {
  return full_name == "cog.BasePredictor" || full_name == "cog.predictor.BasePredictor";
}
bool is_new_base(std::string_view full_name) {
  return full_name == "cog.BaseRunner" || full_name == "cog.predictor.BaseRunner";
}
bool is_cog_module(std::string_view name) { return name == "cog" || name == "cog.predictor"; }

std::vector<Node> base_classes(const Node& class_node) {
  std::vector<Node> out = class_node.field("superclasses").named_children();
  std::erase_if(out, [](const Node& node) { return node.is("comment"); });
  return out;
}

bool is_inside(const Node& node, const Node& outer) {
  return node.begin() >= outer.begin() && node.end() <= outer.end();
}

// A word of the file that names something, and is not the attribute of an object, the name of an
// argument or a part of an import.
bool is_use(const Node& identifier) {
  for (Node at = identifier.parent(); at; at = at.parent()) {
    if (at.is("import_statement") || at.is("import_from_statement")) return false;
    if (!at.is("dotted_name") && !at.is("aliased_import")) break;
  }
  const Node parent = identifier.parent();
  if (parent.is("attribute")) return parent.field("attribute") != identifier;
  if (parent.is("keyword_argument")) return parent.field("name") != identifier;
  return true;
}

// Everything the edit must look at, gathered in one walk over the file.
struct Uses {
  std::vector<Node> self_predict{};  // `predict` of `self.predict` inside the class
  std::vector<Node> class_name{};    // other than in its definition
  std::vector<Node> old_base{};      // `BasePredictor` outside imports
  bool of_another = false;           // `.predict` of anything but `self`
  bool unclear = false;              // a use that an edit cannot follow
  bool has_new_base = false;         // `BaseRunner` is a name of the file already
};

class UseFinder {
 public:
  explicit UseFinder(const Node& class_node)
      : class_node_(class_node), class_name_(class_node.field("name").text()) {}

  Uses find(const syntax::Module& module) {
    syntax::walk(module.root(), [this](const Node& node) {
      if (node.is("attribute")) look_at_attribute(node);
      if (node.is("string")) look_at_string(node);
      if (node.is("identifier")) look_at_identifier(node);
      return true;
    });
    return std::move(uses_);
  }

 private:
  void look_at_attribute(const Node& node) {
    const Node name = node.field("attribute");
    const Node object = node.field("object");
    const bool inside = is_inside(node, class_node_);
    const bool of_self = object.is("identifier") && object.text() == "self";
    if (inside && of_self && name.text() == "run") uses_.unclear = true;
    if (name.text() != "predict") return;
    if (inside && of_self) return uses_.self_predict.push_back(name);
    if (object.is("call") && object.field("function").text() == "super") uses_.unclear = true;
    if (object.text() == class_name_ || object.text() == "cls") uses_.unclear = true;
    uses_.of_another = true;
  }
  void look_at_string(const Node& node) {
    const auto literal = syntax::string_literal(node);
    if (literal && literal->text == "predict") uses_.unclear = true;  // perhaps for `getattr`
  }
  void look_at_identifier(const Node& node) {
    const std::string_view text = node.text();
    if (text == kNewBase) uses_.has_new_base = true;
    if (text == kOldBase && is_use(node)) uses_.old_base.push_back(node);
    if (text == class_name_ && is_use(node) && node != class_node_.field("name"))
      uses_.class_name.push_back(node);
    if (text == "predict" && is_use(node) && is_inside(node, class_node_) &&
        !node.parent().is("function_definition") && in_class_body(node))
      uses_.unclear = true;
  }
  // Not inside a method: `predict` as a name of the class body itself.
  [[nodiscard]] bool in_class_body(const Node& node) const {
    for (Node at = node.parent(); at && at != class_node_; at = at.parent())
      if (at.is("function_definition") || at.is("lambda")) return false;
    return true;
  }

  Node class_node_;
  std::string_view class_name_;
  Uses uses_{};
};

// Another file that imports this module may call `predict`.
bool is_imported_elsewhere(const Subject& subject, const EntryPoint& entry) {
  const std::string stem = std::filesystem::path(entry.path).stem().string();
  const auto ends_word = [](std::string_view line, std::size_t at) {
    return at == line.size() || line.substr(at, 1).find_first_of(" .,\t#") == 0;
  };
  const auto imports_it = [&](std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with("import ") && !line.starts_with("from ")) return false;
    for (std::size_t at = line.find(stem); at != std::string_view::npos;
         at = line.find(stem, at + 1)) {
      const char before = line[at - 1];
      if ((before == ' ' || before == '.' || before == ',') && ends_word(line, at + stem.size()))
        return true;
    }
    return false;
  };
  return std::any_of(subject.python.begin(), subject.python.end(), [&](const auto& file) {
    if (file.get() == entry.file || !file->mentions({stem})) return false;
    bool found = false;
    for_each_line(file->text(),
                  [&](const TextLine& line) { found = found || imports_it(line.text); });
    return found;
  });
}

// The names that imports of Cog give to `BasePredictor`; `foreign` where another module gives that
// name too.
struct BaseImports {
  std::vector<Node> names{};  // `BasePredictor` in `from cog import BasePredictor [as …]`
  bool foreign = false;
};
BaseImports base_imports(const syntax::Module& module) {
  BaseImports out;
  syntax::walk(module.root(), [&](const Node& node) {
    if (!node.is("import_from_statement")) return true;
    const Node from = node.field("module_name");
    for (const Node& child : node.named_children()) {
      if (child == from) continue;
      const Node name = child.is("aliased_import") ? child.field("name") : child;
      if (name.text() != kOldBase) continue;
      if (is_cog_module(from.text()))
        out.names.push_back(name);
      else
        out.foreign = true;
    }
    return false;
  });
  return out;
}

bool is_aliased(const Node& import_name) { return import_name.parent().is("aliased_import"); }

// Edits that give the class its new base; nothing where its bases are not clear.
std::optional<std::vector<Edit>> base_edits(const EntryPoint& entry, const Uses& uses) {
  std::vector<Edit> out;
  const auto replace = [&](const Node& node, std::string text) {
    out.push_back({entry.path, node.begin(), node.end(), std::move(text)});
  };
  const auto& names = entry.file->names();
  Node old_base;
  for (const Node& base : base_classes(entry.class_node)) {
    const std::string full = names.resolve(base);
    if (is_old_base(full) && !old_base)
      old_base = base;
    else if (!is_new_base(full) && full != "object")
      return std::nullopt;
  }
  if (!old_base) return out;
  if (old_base.is("attribute")) {
    replace(old_base.field("attribute"), std::string(kNewBase));
    return out;
  }
  const BaseImports imports = base_imports(*entry.file->module());
  const bool aliased = std::any_of(imports.names.begin(), imports.names.end(), is_aliased);
  if (imports.foreign || imports.names.empty() || uses.has_new_base) return std::nullopt;
  if (aliased) {
    if (imports.names.size() > 1) return std::nullopt;
    replace(imports.names.front(), std::string(kNewBase));
    return out;
  }
  const bool keep_old = std::any_of(uses.old_base.begin(), uses.old_base.end(),
                                    [&](const Node& use) { return use != old_base; });
  replace(old_base, std::string(kNewBase));
  for (const Node& name : imports.names)
    replace(name, keep_old ? fmt::format("{}, {}", kOldBase, kNewBase) : std::string(kNewBase));
  return out;
}

std::optional<std::vector<Edit>> migration(const Subject& subject, const EntryPoint& entry,
                                           const std::vector<Node>& predicts) {
  if (predicts.size() > 1 || entry.file->module()->root().has_error()) return std::nullopt;
  const Uses uses = UseFinder(entry.class_node).find(*entry.file->module());
  auto edits = base_edits(entry, uses);
  if (!edits || predicts.empty()) return edits;
  if (uses.unclear || (!uses.class_name.empty() && uses.of_another)) return std::nullopt;
  // A class of the file that inherits from this one may override the method.
  for (const Node& name : uses.class_name)
    if (name.parent().is("argument_list") && name.parent().parent().is("class_definition"))
      return std::nullopt;
  if (is_imported_elsewhere(subject, entry)) return std::nullopt;
  for (const Node& name : uses.self_predict)
    edits->push_back({entry.path, name.begin(), name.end(), "run"});
  const Node name = predicts.front().field("name");
  edits->push_back({entry.path, name.begin(), name.end(), "run"});
  return edits;
}

// The method comes from a base class of the project.
void report_inherited(const schema::Signature& signature, RuleReporter& report) {
  if (signature.function != "predict" || signature.class_name.empty()) return;
  report.at(signature.location, "`predict()` is the older name of `run()`",
            "rename the method, and its calls, to `run`");
}

}  // namespace

void find_predict_method(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !uses_sdk(subject, kSdkWithRunner)) return;
  RuleReporter report(findings);
  const auto entry = entry_point(subject, subject.config->predict);
  if (!entry || !entry->class_node) return;
  const auto predicts = methods(entry->class_node, "predict");
  if (!methods(entry->class_node, "run").empty() && !predicts.empty()) return;  // `two-methods`
  Node old_base;
  for (const Node& base : base_classes(entry->class_node))
    if (is_old_base(entry->file->names().resolve(base))) old_base = base;
  if (predicts.empty() && !old_base) {
    if (subject.predict) report_inherited(*subject.predict, report);
    return;
  }
  const auto edits = migration(subject, *entry, predicts);
  const std::string_view by_hand =
      edits ? "" : ", by hand: not all uses of the old names are clear";
  if (predicts.empty())
    report.at(old_base, "`BasePredictor` is the older name of `BaseRunner`",
              fmt::format("inherit from `BaseRunner`{}", by_hand));
  else
    report.at(predicts.front().field("name"), "`predict()` is the older name of `run()`",
              old_base
                  ? fmt::format("name the method `run`, and inherit from `BaseRunner`{}", by_hand)
                  : fmt::format("name the method `run`{}", by_hand));
  if (!edits) return;
  for (const Edit& edit : *edits) report.with_edit(edit);
}

}  // namespace cogbuild::check
