#pragma once

#include "working_root.hpp"

namespace cogbuild::configure {

// Does what the packages' maintainer scripts do on a first installation: users and groups,
// directories, links, alternatives. Errors: unsupported, for all packages together whose scripts
// hold commands that are not known and that nobody has reviewed; those of the databases.
Result<void> apply_maintainer_scripts(WorkingRoot& root);

}  // namespace cogbuild::configure
