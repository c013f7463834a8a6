#pragma once

#include <cogbuild/error/error.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace cogbuild::check {

// The byte of `text` that a location of it means (its line and column); nothing where the text has
// no such place. A byte order mark counts for no column, as in readers of YAML.
std::optional<std::size_t> offset_of(std::string_view text, const SourceLocation& location);

// Offset of the first byte of the line that holds `offset`, and of the first behind its line end.
std::size_t line_begin(std::string_view text, std::size_t offset);
std::size_t line_end(std::string_view text, std::size_t offset);

}  // namespace cogbuild::check
