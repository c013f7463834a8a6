#pragma once

#include <cogbuild/filetree/file_tree.hpp>

#include <optional>
#include <string>

namespace cogbuild::base {

// Where a root has tini, the program that Cog's images start with (`sbin/tini`, `usr/bin/tini`, …):
// a path without leading slash, the one of Cog first. None: nowhere that is known.
std::optional<std::string> find_tini(const filetree::FileTree& tree);

}  // namespace cogbuild::base
