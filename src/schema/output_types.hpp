#pragma once

#include "type_scope.hpp"

namespace cogbuild::schema {

// A document never has more types than these; models that hold one another could ask for billions.
inline constexpr std::size_t kMaxOutputTypes = 100'000;

// The type that a callable returns (spec/cog.md 5.3). Error: config, at the annotation at fault;
// the steps name the fields of models that lead to it.
Result<OutputType> output_type(const Annotation& annotation, const TypeScope& scope);

}  // namespace cogbuild::schema
