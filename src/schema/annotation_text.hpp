#pragma once

#include "annotations.hpp"

#include <string_view>

namespace cogbuild::schema {

//   type    = '"' type '"' | "'" type "'" | union | generic | name
//   union   = type "|" type …         outside brackets
//   generic = name "[" type "," … "]"
//   name    = letters, digits, `_`, with dots between
// `offset` is where the text begins in its source. Nothing for other text, and below 100 levels.
std::optional<Annotation> parse_annotation_text(std::string_view text, std::size_t offset);

// Also takes parentheses around a type, a comma at the end, and anything at all where `Annotated`
// has its metadata (read as a name that is empty).
std::optional<Annotation> parse_annotation_text_freely(std::string_view text, std::size_t offset);

}  // namespace cogbuild::schema
