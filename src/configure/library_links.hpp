#pragma once

#include "working_root.hpp"

namespace cogbuild::configure {

// Does what ldconfig does: `etc/ld.so.cache` with the libraries of the root's own cache and those
// that packages and alternatives bring, in the directories that ld.so.conf names and the built-in
// ones; and the link SONAME -> file where a directory lacks it. Error: config (a damaged cache).
Result<void> write_library_links(WorkingRoot& root);

// The directories that are searched, as ld.so.conf writes them and in its order, the built-in ones
// last; of several names of one directory the first. Each is absolute.
std::vector<std::string> library_directories(const WorkingRoot& root);

}  // namespace cogbuild::configure
