#pragma once

#include <string_view>

namespace cogbuild::check {

// Whether a top-level module belongs to the standard library of a CPython from 3.8 to 3.14, those
// that some of them lack included. Private ones begin with `_`.
bool is_standard_module(std::string_view module);

}  // namespace cogbuild::check
