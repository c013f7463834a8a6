#pragma once

#include "working_root.hpp"

namespace cogbuild::configure {

// The files that a root composed anew needs before anything else can run, where no package ships
// them: the links of the merged directories, mount points, and tini where Cog's entrypoint looks
// for it.
void write_first_files(WorkingRoot& root);

}  // namespace cogbuild::configure
