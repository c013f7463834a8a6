#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <string>
#include <string_view>

namespace cogbuild::python {

// The directory a project path lies in; "" for the root.
std::string parent_of(std::string_view path);

// `text` as written in a file of `directory`, as a path relative to the project's root, `.` and
// `..` resolved by text alone. An absolute path must lie below the root. Error: config, when it
// leaves it.
Result<std::string> project_path(const io::Tree& project, std::string_view directory,
                                 std::string_view text);

// The same, but relative to the root if there is no such file relative to `directory`.
Result<std::string> existing_project_path(const io::Tree& project, std::string_view directory,
                                          std::string_view text);

}  // namespace cogbuild::python
