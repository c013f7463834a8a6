#pragma once

#include <cogbuild/error/error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::check {

// The source line with a caret, as errors show it; empty where the line is not known. Of long lines
// only what stands around the caret is shown, of keys, tokens and passwords as many stars.
std::string excerpt(const SourceLocation& location);

// The column in characters, counted from 1; nothing where the line's text is not known.
std::optional<std::size_t> character_column(const SourceLocation& location);

}  // namespace cogbuild::check
