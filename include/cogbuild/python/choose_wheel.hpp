#pragma once

#include <cogbuild/python/tag.hpp>
#include <cogbuild/python/target.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace cogbuild::python {

struct WheelChoice {
  std::optional<std::size_t> index{};  // into the file names given
  // When there is none: `has no wheel for CPython 3.11 on linux x86_64, glibc 2.36 (found: cp312,
  // cp313)`, or `(found: only a source archive)`. The subject is left to the caller.
  std::string reason{};
};

// The best wheel among files of one version: lowest tag rank, then highest build tag, then file
// name. Names that are not wheels take no part but are mentioned in the reason.
WheelChoice choose_wheel(std::span<const std::string> file_names, const TagList& tags,
                         const Target& target);

}  // namespace cogbuild::python
