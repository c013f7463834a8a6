#pragma once

#include <cogbuild/debian/deb_contents.hpp>
#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <vector>

namespace cogbuild::realise {

// A package of one of the layers, in the order in which layers lie.
struct LayeredDeb {
  const debian::DebContents* contents = nullptr;
  std::size_t layer = 0;
};

// The positions of `packages` in the order in which their files are written: layer by layer, by
// name, but a package that replaces files of another (Debian policy 7.6.1) after it. Error:
// conflict, naming both packages: of two with one path and different content neither replaces the
// other's files, or the one that does lies in a lower layer; a file of one is where another has a
// directory.
Result<std::vector<std::size_t>> writing_order(const std::vector<LayeredDeb>& packages);

}  // namespace cogbuild::realise
