#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::project {

// The paths of the submodules that `.gitmodules` at the root declares, sorted; empty without one.
// gitmodules(5), the `path` key; what else the file says, and lines that make no sense, is passed
// over.
std::vector<std::string> submodule_paths(const io::Tree& project);

// The submodule that `path` lies in (or is), if `.gitmodules` declares one.
std::optional<std::string> submodule_of(const io::Tree& project, const std::string& path);

}  // namespace cogbuild::project
