#pragma once

#include <string>
#include <string_view>

namespace cogbuild::python {

// `requirement` where `condition` holds as well. Works on the text: printing a requirement would
// hide the credentials of its URL.
std::string under_marker(std::string_view requirement, std::string_view condition);
// `requirement` for those who asked for `extra`.
std::string under_extra(std::string_view requirement, std::string_view extra);

}  // namespace cogbuild::python
