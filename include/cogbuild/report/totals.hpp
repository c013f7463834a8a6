#pragma once

#include <cogbuild/report/model.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace cogbuild::report {

struct Totals {
  std::size_t layers = 0;
  std::uint64_t compressed_bytes = 0;  // a layer that stands twice is sent once
  std::uint64_t pull_bytes = 0;        // with manifest and config
  std::uint64_t unpacked_bytes = 0;    // of the layers whose unpacked size is known
  bool all_unpacked_known = true;
  std::map<std::string, std::uint64_t> compressed_by_kind{};
  friend bool operator==(const Totals&, const Totals&) = default;
};

Totals totals(const ImageSummary& image);

// One of the largest things: an item of a layer, or a whole layer of which no items are known
// (kind, title and size are then the layer's; the compressed size where the unpacked one is
// unknown).
struct LargeThing {
  Item item{};
  std::size_t layer = 0;  // index from the bottom
  friend bool operator==(const LargeThing&, const LargeThing&) = default;
};

// At most `count`, by size, ties by kind and name.
std::vector<LargeThing> largest_things(const ImageSummary& image, std::size_t count = 10);

}  // namespace cogbuild::report
