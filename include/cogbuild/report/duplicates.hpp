#pragma once

#include <cogbuild/report/model.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace cogbuild::report {

// Something that is in an image more than once: a package or file in two layers, where the later
// one hides the earlier, or a layer that stands twice (kind `layer`).
struct Duplicate {
  std::string kind{};
  std::string name{};
  std::vector<std::size_t> layers{};  // indices from the bottom
  std::uint64_t wasted_bytes = 0;     // unpacked, of all but the last
  friend bool operator==(const Duplicate&, const Duplicate&) = default;
};

// The most wasteful first, ties by kind and name.
std::vector<Duplicate> duplicates(const ImageSummary& image);

}  // namespace cogbuild::report
