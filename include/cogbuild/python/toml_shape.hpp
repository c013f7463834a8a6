#pragma once

#include <string_view>

namespace cogbuild::python {

// Whether dotted keys of a TOML document nest tables so deeply that the parser's recursion would
// exhaust the stack. Asked before parsing what others wrote; says nothing of its validity.
bool toml_nests_too_deeply(std::string_view text);

}  // namespace cogbuild::python
