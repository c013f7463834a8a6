#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/file_tree.hpp>

#include <string>

namespace cogbuild::plan {

// A directory, with or without leading slash, as it really lies in the tree: every component
// resolved through symlinks, the last one too. Error: conflict.
inline Result<std::string> resolved_directory(const filetree::FileTree& tree,
                                              const std::string& path) {
  const std::string below = (path.starts_with('/') ? path.substr(1) : path) + "/x";
  TRY_ASSIGN(const std::string inside, tree.canonical(below));
  return inside.substr(0, inside.size() - 2);
}

}  // namespace cogbuild::plan
