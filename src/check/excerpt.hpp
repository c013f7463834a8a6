#pragma once

#include <cogbuild/error/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::check {

// The source line with a caret, as errors show it; empty where the line is not known. Of long lines
// only what stands around the caret is shown.
std::string excerpt(const SourceLocation& location);

// Control characters become `?`, so that no file writes to a terminal or begins a line of its own.
std::string printable(std::string_view text);

// The column in characters, counted from 1; nothing where the line's text is not known.
std::optional<std::size_t> character_column(const SourceLocation& location);

}  // namespace cogbuild::check
