#pragma once

#include "project_step.hpp"

#include <cogbuild/lock/lock.hpp>

#include <string>
#include <vector>

namespace cogbuild::build {

// One warning for each call in the project's Python files that needs a window on a screen, if a
// headless OpenCV was taken in place of what was asked for. Files of more than 1 MiB are not read;
// a verdict on files that did not change is kept. Errors: io, not_found.
Result<std::vector<std::string>> warn_of_window_calls(const Project& project,
                                                      const lock::Lock& lock, Services& services);

}  // namespace cogbuild::build
