#pragma once

#include <cogbuild/check/subject.hpp>

#include <string_view>

namespace cogbuild::check {

// Whether .dockerignore, or the default list without one, leaves out a path of the project or a
// directory above it. Only of paths that exist.
bool is_left_out(const Subject& subject, std::string_view path);

}  // namespace cogbuild::check
