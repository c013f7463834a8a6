#pragma once

#include <string_view>

namespace cogbuild::debian {

// True for `a/b/c` without control characters and backslashes, whose parts are neither empty, `.`
// nor `..`: what may be put behind an archive's root.
bool is_safe_path(std::string_view path);

}  // namespace cogbuild::debian
