#pragma once

#include "value_rules.hpp"

#include <cogbuild/io/tree.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::config {

// Whether the file that `key` names is there. Paths outside the project are not looked at. The hint
// names a file with a similar name, or the command that checks out the submodule it lies in.
std::optional<Problem> check_named_file(const io::Tree& project, std::string_view key,
                                        const std::string& path);

}  // namespace cogbuild::config
