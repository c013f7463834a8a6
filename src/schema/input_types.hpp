#pragma once

#include "type_scope.hpp"

namespace cogbuild::schema {

// The type of a parameter (spec/cog.md 5.2). Error: config, at the annotation.
Result<InputType> input_type(const Annotation& annotation, const TypeScope& scope);

// The primitive that constraints go by: of a primitive or of the items of an array, else any.
Primitive base_primitive(const InputType& type);

}  // namespace cogbuild::schema
