#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cogbuild::schema {

// Numbers as Go reads them, for Cog does (strconv, "ParseInt" with base 0 and "ParseFloat").
// Underscores stand only between digits or behind a base prefix.

// A sign, then decimal digits, 0x…, 0o…, 0b…, or octal after a leading 0. Nothing where it does not
// fit in 64 bits.
std::optional<std::int64_t> parse_go_integer(std::string_view text);
// Decimal only. Nothing where the value is not finite.
std::optional<double> parse_go_float(std::string_view text);

}  // namespace cogbuild::schema
