#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/duplicates.hpp>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace cogbuild::report {

namespace {

// Places of one thing, and the size at the last of them, which is the one that counts.
struct Places {
  std::vector<std::size_t> layers{};
  std::uint64_t hidden_bytes = 0;
  std::uint64_t last_bytes = 0;
  std::string name{};

  void add(std::size_t layer, std::uint64_t bytes) {
    hidden_bytes = add_sizes(hidden_bytes, last_bytes);
    last_bytes = bytes;
    if (layers.empty() || layers.back() != layer) layers.push_back(layer);
  }
};

}  // namespace

std::vector<Duplicate> duplicates(const ImageSummary& image) {
  std::map<digest::Digest, Places> by_digest;
  std::map<std::pair<std::string, std::string>, Places> by_name;
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const auto& layer = image.layers[i];
    auto& same = by_digest[layer.digest];
    const bool again = !same.layers.empty();
    same.name = layer.title;
    same.add(i, layer.unpacked_bytes.value_or(0));
    if (again) continue;  // its items are not counted once more
    for (const auto& item : layer.items)
      by_name[{item.kind, item.name}].add(i, item.unpacked_bytes);
  }
  std::vector<Duplicate> found;
  for (const auto& [digest, places] : by_digest)
    if (places.layers.size() > 1)
      found.push_back({"layer", places.name, places.layers, places.hidden_bytes});
  for (const auto& [key, places] : by_name)
    if (places.layers.size() > 1)
      found.push_back({key.first, key.second, places.layers, places.hidden_bytes});
  std::ranges::sort(found, [](const Duplicate& a, const Duplicate& b) {
    return std::tie(b.wasted_bytes, a.kind, a.name, a.layers) <
           std::tie(a.wasted_bytes, b.kind, b.name, b.layers);
  });
  return found;
}

}  // namespace cogbuild::report
