#pragma once

#include <cogbuild/report/model.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::report {

enum class Change {
  same,
  added,
  removed,
  grown,
  shrunk,
  replaced
};  // replaced: same size, other content
std::string_view to_string(Change change);

// Bytes are 0 where the thing is not.
struct LayerChange {
  Change change = Change::same;
  std::uint64_t before_bytes = 0;  // compressed
  std::uint64_t after_bytes = 0;
  friend bool operator==(const LayerChange&, const LayerChange&) = default;
};

struct ItemChange {
  Change change = Change::same;
  std::string kind{};
  std::string name{};
  std::string before_version{};
  std::string after_version{};
  std::uint64_t before_bytes = 0;  // unpacked
  std::uint64_t after_bytes = 0;
  friend bool operator==(const ItemChange&, const ItemChange&) = default;
};

struct Comparison {
  std::vector<LayerChange> layers{};  // one for each layer of the later image, in its order
  std::vector<LayerSummary>
      removed_layers{};             // without successor, in the order of the earlier image
  std::vector<ItemChange> items{};  // what changed, the largest change first
  std::uint64_t before_pull_bytes = 0;
  std::uint64_t after_pull_bytes = 0;
  // What a push or pull sends to where the earlier image is: the blobs it does not have.
  std::uint64_t transfer_bytes = 0;
  friend bool operator==(const Comparison&, const Comparison&) = default;
};

// Layers are the same by digest; others are paired by kind and title, by kind and the one thing
// they hold, by kind where they hold several things, then by kind where just one is left on each
// side. Items are paired by kind and name over the whole image.
Comparison compare(const ImageSummary& before, const ImageSummary& after);

}  // namespace cogbuild::report
