#pragma once

#include <cogbuild/debian/deb_contents.hpp>
#include <cogbuild/filetree/file_tree.hpp>
#include <cogbuild/plan/image_plan.hpp>

#include <string>
#include <vector>

namespace cogbuild::realise {

// Every directory that packages have or need, sorted by path, without the root. Attributes are the
// base's where the base has it, as dpkg leaves directories that are there; else those of the first
// package that has it; else 0755 0:0. `paths` are further files that lie in directories.
std::vector<plan::DirectoryAttributes> directories_of(
    const std::vector<const debian::DebContents*>& packages, const std::vector<std::string>& paths,
    const filetree::FileTree& base);

}  // namespace cogbuild::realise
