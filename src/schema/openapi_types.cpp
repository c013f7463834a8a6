#include "openapi_types.hpp"

#include "json_literal.hpp"

#include <algorithm>

namespace cogbuild::schema {

namespace {

Json::Object primitive_schema(Primitive primitive) {
  switch (primitive) {
    case Primitive::boolean:
      return object({{"type", "boolean"}});
    case Primitive::number:
      return object({{"type", "number"}});
    case Primitive::integer:
      return object({{"type", "integer"}});
    case Primitive::string:
      return object({{"type", "string"}});
    case Primitive::path:
    case Primitive::file:
      return object({{"type", "string"}, {"format", "uri"}});
    case Primitive::secret:
      return object({{"type", "string"},
                     {"format", "password"},
                     {"writeOnly", true},
                     {"x-cog-secret", true}});
    case Primitive::any:
      break;
  }
  return object({{"type", "object"}});
}

Json::Object input_type_schema(const InputType& type) {
  Json::Object schema;
  switch (type.kind) {
    case InputType::Kind::primitive:
      schema = primitive_schema(type.primitive);
      break;
    case InputType::Kind::any:
      schema = primitive_schema(Primitive::any);
      break;
    case InputType::Kind::array:
      schema = object({{"type", "array"},
                       {"items", type.of.empty() ? primitive_schema(Primitive::any)
                                                 : input_type_schema(type.of.front())}});
      break;
    case InputType::Kind::one_of: {
      Json::List variants;
      for (const auto& variant : type.of) {
        auto made = input_type_schema(variant);
        if (type.nullable) made.set("nullable", true);
        variants.emplace_back(std::move(made));
      }
      schema = object({{"anyOf", std::move(variants)}});
      break;
    }
  }
  if (type.nullable) schema.set("nullable", true);
  return schema;
}

Json::Object output_type_schema(const OutputType& type);

Json::Object element_schema(const OutputType& type) {
  return type.of.empty() ? primitive_schema(Primitive::any) : output_type_schema(type.of.front());
}

Json::Object fields_schema(const OutputType& type) {
  Json::Object properties{.members = {}, .keys = Json::Keys::kept};
  Json::List required;
  for (const auto& field : type.fields) {
    auto property = output_type_schema(field.type);
    property.set("title", title_case(field.name));
    if (field.required) required.emplace_back(field.name);
    properties.set(field.name, std::move(property));
  }
  auto schema = object({{"type", "object"}, {"properties", std::move(properties)}});
  if (!required.empty()) schema.set("required", std::move(required));
  return schema;
}

Json::Object output_type_schema(const OutputType& type) {
  Json::Object schema;
  switch (type.kind) {
    case OutputType::Kind::primitive:
      schema = primitive_schema(type.primitive);
      break;
    case OutputType::Kind::any:
      schema = primitive_schema(Primitive::any);
      break;
    case OutputType::Kind::array:
      schema = object({{"type", "array"}, {"items", element_schema(type)}});
      break;
    case OutputType::Kind::dictionary:
      schema = primitive_schema(Primitive::any);
      if (!type.of.empty()) schema.set("additionalProperties", element_schema(type));
      break;
    case OutputType::Kind::object:
      schema = fields_schema(type);
      break;
    case OutputType::Kind::iterator:
      schema = object(
          {{"type", "array"}, {"items", element_schema(type)}, {"x-cog-array-type", "iterator"}});
      break;
    case OutputType::Kind::concatenate_iterator:
      schema = object({{"type", "array"},
                       {"items", element_schema(type)},
                       {"x-cog-array-type", "iterator"},
                       {"x-cog-array-display", "concatenate"}});
      break;
  }
  if (type.nullable) schema.set("nullable", true);
  return schema;
}

// The type of one choice: of the input itself, or of the elements of a list.
std::string choice_type(const InputType& type) {
  const InputType& one =
      type.kind == InputType::Kind::array && !type.of.empty() ? type.of.front() : type;
  const auto primitive = one.kind == InputType::Kind::primitive ? one.primitive : Primitive::any;
  auto schema = primitive_schema(primitive);
  return std::get<std::string>(schema.find("type")->value);
}

Json::Object property(const Input& input, std::size_t order) {
  auto made = object({{"x-order", static_cast<std::int64_t>(order)}});
  if (!input.choices.empty()) {
    made.set("allOf", Json::List{object({{"$ref", "#/components/schemas/" + input.name}})});
  } else {
    made.set("title", title_case(input.name));
    for (auto& [key, value] : input_type_schema(input.type).members)
      made.set(key, std::move(value));
  }
  const bool nullable = input.is_nullable();
  if (input.default_value && (nullable || !input.default_value->is_none()))
    made.set("default", to_json(*input.default_value));
  if (nullable) made.set("nullable", true);
  if (input.description) made.set("description", *input.description);
  if (input.minimum) made.set("minimum", *input.minimum);
  if (input.maximum) made.set("maximum", *input.maximum);
  if (input.min_length) made.set("minLength", *input.min_length);
  if (input.max_length) made.set("maxLength", *input.max_length);
  if (input.pattern) made.set("pattern", *input.pattern);
  if (input.deprecated.value_or(false)) made.set("deprecated", true);
  if (input.accept) made.set("x-cog-accept", *input.accept);
  return made;
}

}  // namespace

std::string title_case(std::string_view name) {
  std::string out;
  bool begins = true;
  for (const char c : name) {
    if (c == '_') {
      out += ' ';
      begins = true;
      continue;
    }
    if (!begins)
      out += c;
    else if (c >= 'a' && c <= 'z')
      out += static_cast<char>(c - 'a' + 'A');
    else if (static_cast<unsigned char>(c) >= 0x80)
      out += "\xEF\xBF\xBD";  // Go raises the case of one byte, which is no character
    else
      out += c;
    begins = false;
  }
  return out;
}

Json::Object output_schema(const OutputType& output) {
  auto schema = output_type_schema(output);
  schema.set("title", "Output");
  return schema;
}

InputSchemas input_schemas(const std::vector<Input>& inputs) {
  InputSchemas made;
  Json::Object properties{.members = {}, .keys = Json::Keys::kept};
  Json::List required;
  for (std::size_t order = 0; order != inputs.size(); ++order) {
    const Input& input = inputs[order];
    if (!input.choices.empty()) {
      Json::List values;
      for (const auto& choice : input.choices) values.push_back(to_json(choice));
      made.choices.emplace_back(input.name, object({{"title", input.name},
                                                    {"description", "An enumeration."},
                                                    {"enum", std::move(values)},
                                                    {"type", choice_type(input.type)}}));
    }
    if (input.is_required()) required.emplace_back(input.name);
    properties.set(input.name, property(input, order));
  }
  made.inputs = object({{"type", "object"}, {"properties", std::move(properties)}});
  if (!required.empty()) made.inputs.set("required", std::move(required));
  return made;
}

void drop_titles_beside_references(Json& json) {
  if (auto* members = json.object()) {
    if (members->find("$ref") != nullptr) members->erase("title");
    for (auto& member : members->members) drop_titles_beside_references(member.second);
  } else if (auto* list = json.list()) {
    for (auto& item : *list) drop_titles_beside_references(item);
  }
}

void turn_null_variants_nullable(Json& json) {
  if (auto* list = json.list())
    for (auto& item : *list) turn_null_variants_nullable(item);
  auto* members = json.object();
  if (members == nullptr) return;
  for (auto& member : members->members) turn_null_variants_nullable(member.second);
  Json* any_of = members->find("anyOf");
  auto* variants = any_of == nullptr ? nullptr : any_of->list();
  if (variants == nullptr || variants->size() != 2) return;
  bool has_null = false;
  Json::Object* other = nullptr;
  for (auto& variant : *variants) {
    auto* one = variant.object();
    if (one == nullptr) return;
    const Json* type = one->find("type");
    const auto* word = type == nullptr ? nullptr : std::get_if<std::string>(&type->value);
    if (word != nullptr && *word == "null")
      has_null = true;
    else
      other = one;
  }
  if (!has_null || other == nullptr) return;
  const Json::Object kept = std::move(*other);
  members->erase("anyOf");
  for (const auto& [key, value] : kept.members) members->set(key, value);
  members->set("nullable", true);
}

}  // namespace cogbuild::schema
