#pragma once

#include <cogbuild/digest/digest.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::report {

// One thing in a layer that a person would name: a package, a weights file, a large file.
struct Item {
  std::string kind{};  // `package`, `weights`, `file`
  std::string name{};  // `torch`, `weights/a.safetensors`
  std::string version{};
  std::uint64_t unpacked_bytes = 0;
  friend bool operator==(const Item&, const Item&) = default;
};

// What one layer is, known without reading it again.
struct LayerSummary {
  std::string kind{};  // base system python runtime run weights code
  std::string title{};
  std::string media_type{};
  digest::Digest digest{};
  digest::Digest diff_id{};
  std::uint64_t compressed_bytes = 0;
  std::optional<std::uint64_t> unpacked_bytes{};  // unknown for foreign layers
  std::string origin{};  // `base`, `cached`, `new`; empty when the image was not just built
  std::vector<Item> items{};
  friend bool operator==(const LayerSummary&, const LayerSummary&) = default;
};

struct ImageSummary {
  std::string name{};
  digest::Digest digest{};
  std::vector<LayerSummary> layers{};  // bottom to top
  std::uint64_t manifest_bytes = 0;    // manifest and config: what every pull reads
  friend bool operator==(const ImageSummary&, const ImageSummary&) = default;
};

}  // namespace cogbuild::report
