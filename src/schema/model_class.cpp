#include "model_class.hpp"

#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

bool is_base_model(std::string_view name, const ImportTable& imports) {
  if (name == "BaseModel") return true;
  const Origin* origin = imports.find(name);
  return origin != nullptr && origin->original == "BaseModel" &&
         (origin->module == "cog" || origin->module == "pydantic" ||
          origin->module == "pydantic.v1");
}

bool is_typed_dict(std::string_view name, const ImportTable& imports) {
  if (name == "TypedDict") return true;
  const Origin* origin = imports.find(name);
  return origin != nullptr && origin->is_typing() && origin->original == "TypedDict";
}

// `Required` or `NotRequired`, whatever it is called here; empty for another name.
std::string_view key_qualifier(std::string_view name, const ImportTable& imports) {
  for (const std::string_view word : {"Required", "NotRequired"}) {
    if (name == word) return word;
    if (name.size() > word.size() && name.ends_with(word) &&
        name[name.size() - word.size() - 1] == '.')
      return word;
  }
  const Origin* origin = imports.find(name);
  if (origin == nullptr || !origin->is_typing()) return {};
  if (origin->original == "Required") return "Required";
  return origin->original == "NotRequired" ? "NotRequired" : "";
}

void settle_key(ModelField& field, const ImportTable& imports, bool total) {
  field.key_required = total;
  if (field.type.form != Annotation::Form::generic || field.type.arguments.size() != 1) return;
  const std::string_view qualifier = key_qualifier(field.type.name, imports);
  if (qualifier.empty()) return;
  field.key_required = qualifier == "Required";
  Annotation inner = std::move(field.type.arguments.front());
  field.type = std::move(inner);
}

std::optional<ModelField> read_field(const Node& assignment, Reading reading) {
  const Node left = assignment.field("left");
  const Node type = assignment.field("type");
  if (!left.is("identifier") || !type) return std::nullopt;
  std::optional<Annotation> annotation = read_annotation(type);
  if (!annotation && reading == Reading::as_python) annotation = read_annotation_freely(type);
  if (!annotation) return std::nullopt;
  const Node right = assignment.field("right");
  const bool has_default =
      right && (reading == Reading::as_python || read_literal(right).has_value());
  return ModelField{
      .name = std::string(left.text()), .type = std::move(*annotation), .has_default = has_default};
}

}  // namespace

BaseClasses base_classes(const Node& definition, const ImportTable& imports) {
  BaseClasses out;
  for (const Node& base : definition.field("superclasses").named_children()) {
    const std::string_view text = base.text();
    if (base.is("keyword_argument")) {
      if (base.field("name").text() == "total" && base.field("value").text() == "False")
        out.total = false;
    } else if (base.is("identifier")) {
      const bool model = is_base_model(text, imports);
      const bool dictionary = is_typed_dict(text, imports);
      out.base_model = out.base_model || model;
      out.typed_dict = out.typed_dict || dictionary;
      if (!dictionary) out.others.emplace_back(text);
    } else if (base.is("attribute")) {
      const bool dictionary = text.ends_with(".TypedDict");
      out.base_model = out.base_model || text.ends_with(".BaseModel");
      out.typed_dict = out.typed_dict || dictionary;
      if (!dictionary) out.others.emplace_back(text);
    }
  }
  return out;
}

std::vector<ModelField> own_fields(const Node& definition, const ImportTable& imports,
                                   const BaseClasses& bases, bool typed_dict, Reading reading) {
  std::vector<ModelField> out;
  for (const Node& statement : definition.field("body").named_children()) {
    Node node = statement;
    if (statement.is("expression_statement")) {
      const std::vector<Node> parts = statement.named_children();
      if (parts.size() == 1) node = parts.front();
    }
    if (!node.is("assignment")) continue;
    std::optional<ModelField> field = read_field(node, reading);
    if (!field) continue;
    if (typed_dict) settle_key(*field, imports, bases.total);
    out.push_back(std::move(*field));
  }
  return out;
}

}  // namespace cogbuild::schema
