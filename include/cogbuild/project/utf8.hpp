#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cogbuild::project {

// The length in bytes of the UTF-8 character at the front of `text`; 0: there is none (Unicode,
// table 3-7, "Well-Formed UTF-8 Byte Sequences").
std::size_t utf8_length(std::string_view text);

// Whether a byte is a control character of ASCII (tab and line feed among them).
bool is_control(char byte);

// `text` with control characters and what is not UTF-8 written as `\xNN`: safe to
// print.
std::string escape(std::string_view text);

}  // namespace cogbuild::project
