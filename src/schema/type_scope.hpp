#pragma once

#include "annotations.hpp"
#include "models.hpp"

#include <cogbuild/schema/signature.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::schema {

// Where names of types are looked up.
struct TypeScope {
  const SourceFile& file;      // whose models are known, and where annotations stand
  const ImportTable& imports;  // what other names stand for
  Models& models;
  Reading reading = Reading::as_cog;

  [[nodiscard]] const Model* model(const std::string& name) const {
    return models.find(file, name, reading);
  }
  [[nodiscard]] bool is_typed_dict(const std::string& name) const {
    return models.is_typed_dict(file, name, reading);
  }
};

std::optional<Primitive> primitive_named(std::string_view name);
// As Python writes it.
std::string_view name_of(Primitive primitive);

// The name without its qualifier, if it has one: `t.List` -> `List`.
std::string unqualified(const std::string& name, const ImportTable& imports);

// Whether a name is typing's `Annotated`, by import.
bool is_annotated(const std::string& name, const ImportTable& imports);
// `list`, or typing's `List`, `Optional` or `Union` under its own name, by import; else empty.
std::string_view container_named(const std::string& name, const ImportTable& imports);

// `Annotated[X, …, Opaque, …]`: X, else null.
const Annotation* unwrap_opaque(const Annotation& annotation, const ImportTable& imports);
// The X of what is Optional under the names of imports, or by its name.
const Annotation* unwrap_imported_optional(const Annotation& annotation,
                                           const ImportTable& imports);

// An error at the annotation.
Error type_error(const SourceFile& file, const Annotation& annotation, std::string message);
// For a name that is neither a type nor a model.
Error unknown_type(const TypeScope& scope, const Annotation& annotation, std::string_view use);
// The annotation as text.
std::string to_text(const Annotation& annotation);

}  // namespace cogbuild::schema
