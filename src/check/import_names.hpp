#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// The top-level modules that a distribution installs, as far as they are known: those of a table,
// else the name itself with `_` for `-`.
std::vector<std::string> import_names(std::string_view distribution);

// The distributions of the table that install a top-level module; where there is none, the name
// itself with `-` for `_`.
std::vector<std::string> distributions_of(std::string_view module);

// Whether a distribution is of use without an import: frameworks look for it at run time, a
// program starts it, or it is listed to hold a version.
bool is_used_without_import(std::string_view distribution);

}  // namespace cogbuild::check
