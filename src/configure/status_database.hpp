#pragma once

#include "working_root.hpp"

namespace cogbuild::configure {

// Leaves dpkg's database as if dpkg had installed the packages: `var/lib/dpkg/status` with the
// root's stanzas and the new ones, sorted by name, and the lists of triggers; of a root that has
// only `status.d` (distroless) one stanza a file there instead. The packages' own files below
// `info/` lie in their layer. A package that replaces one of the root takes its stanza's place.
// Error: config (a damaged status).
Result<void> write_status_database(WorkingRoot& root);

}  // namespace cogbuild::configure
