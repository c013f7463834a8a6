#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::build {

// The lines of a text that was kept between builds, without their line breaks.
std::vector<std::string> text_lines(std::string_view text);

}  // namespace cogbuild::build
