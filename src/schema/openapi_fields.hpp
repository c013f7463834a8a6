#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace cogbuild::schema {

// The objects of an OpenAPI document (OpenAPI 3.0.3, section 4.7).
enum class ObjectKind : std::uint8_t {
  none,
  document,
  info,
  contact,
  license,
  server,
  server_variable,
  components,
  path_item,
  operation,
  external_docs,
  parameter,
  request_body,
  media_type,
  encoding,
  response,
  example,
  link,
  header,
  tag,
  schema,
  discriminator,
  xml,
  security_scheme,
  oauth_flows,
  oauth_flow,
};

// What stands in a field.
enum class Shape : std::uint8_t {
  any,
  text,
  truth,
  number,
  count,            // a whole number, not negative
  texts,            // a list of strings
  texts_by_name,    // an object of strings
  one,              // an object of the kind named beside it
  list,             // a list of such objects
  by_name,          // an object of such objects
  by_name_or_x,     // the same, in which extensions stand too
  callbacks,        // an object of callbacks, each a by_name_or_x of path items
  schema_or_truth,  // a schema, or a boolean
};

enum class Need : std::uint8_t {
  optional,
  required,
  filled,  // required, and no empty string
};

struct Field {
  std::string_view name{};
  Shape shape = Shape::any;
  ObjectKind kind = ObjectKind::none;
  Need need = Need::optional;
};

// Every field that such an object may have beside extensions, `x-…`.
std::span<const Field> fields_of(ObjectKind kind);
// `a schema`, `an operation`: for messages.
std::string_view name_of(ObjectKind kind);
// Whether a reference, `{"$ref": …}`, may stand in its place.
bool may_be_a_reference(ObjectKind kind);

}  // namespace cogbuild::schema
