#pragma once

#include "project_step.hpp"

#include <string>
#include <vector>

namespace cogbuild::build {

// One warning for each weights file that is in the project more than once, by content, with what
// the copies cost. Links to one file are no copies. Only files of one size and one end are hashed,
// and a hash is kept. Errors: io, integrity, not_found.
Result<std::vector<std::string>> warn_of_duplicate_weights(const Project& project,
                                                           Services& services);

}  // namespace cogbuild::build
