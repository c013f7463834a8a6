#pragma once

#include <cogbuild/check/subject.hpp>

#include <string_view>

namespace cogbuild::check {

// Whether `word` stands in a text, with no letter, digit or `_` on either side.
bool contains_word(std::string_view text, std::string_view word);

// Whether it stands in a Python file of the project or in a command of `build.run`, comments and
// strings included.
bool is_mentioned(const Subject& subject, std::string_view word);

}  // namespace cogbuild::check
