#pragma once

#include "value_rules.hpp"

#include <cogbuild/io/tree.hpp>

#include <optional>
#include <string>

namespace cogbuild::config {

// Whether a file that cog.yaml names is there. Paths outside the project are not looked at. The
// hint names a file with a similar name, or the command that checks out the submodule it lies in.
std::optional<Problem> check_named_file(const io::Tree& project, const std::string& path);

}  // namespace cogbuild::config
