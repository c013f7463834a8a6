#pragma once

#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>

namespace cogbuild::filetree {

// One field of a text form made of lines and tabs: backslash, tab, LF and CR are written `\\`,
// `\t`,
// `\n` and `\r`; every other byte stands for itself.
void append_field(std::string& text, std::string_view field);
// Error: integrity, for another escape.
Result<std::string> parse_field(std::string_view text);

// Splits at the first `separator`: returns what stands before it (all, when there is none) and
// leaves in `text` what follows.
std::string_view take_until(std::string_view& text, char separator);

}  // namespace cogbuild::filetree
