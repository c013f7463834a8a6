#pragma once

#include "working_root.hpp"

namespace cogbuild::configure {

// Files that scripts write out of their own text or of a template, where they are missing: the time
// zone, the list of shells, PAM's common rules, Python's and Git LFS's settings.
void write_templates(WorkingRoot& root);

}  // namespace cogbuild::configure
