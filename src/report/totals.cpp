#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/totals.hpp>

#include <algorithm>
#include <set>
#include <tuple>

namespace cogbuild::report {

Totals totals(const ImageSummary& image) {
  Totals totals{.layers = image.layers.size()};
  std::set<digest::Digest> sent;
  for (const auto& layer : image.layers) {
    if (layer.unpacked_bytes)
      totals.unpacked_bytes = add_sizes(totals.unpacked_bytes, *layer.unpacked_bytes);
    else
      totals.all_unpacked_known = false;
    if (!sent.insert(layer.digest).second) continue;
    totals.compressed_bytes = add_sizes(totals.compressed_bytes, layer.compressed_bytes);
    auto& kind = totals.compressed_by_kind[layer.kind];
    kind = add_sizes(kind, layer.compressed_bytes);
  }
  totals.pull_bytes = add_sizes(totals.compressed_bytes, image.manifest_bytes);
  return totals;
}

std::vector<LargeThing> largest_things(const ImageSummary& image, std::size_t count) {
  std::vector<LargeThing> things;
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const auto& layer = image.layers[i];
    for (const auto& item : layer.items) things.push_back({.item = item, .layer = i});
    if (layer.items.empty())
      things.push_back(
          {.item = {.kind = layer.kind,
                    .name = layer.title,
                    .unpacked_bytes = layer.unpacked_bytes.value_or(layer.compressed_bytes)},
           .layer = i});
  }
  std::ranges::sort(things, [](const LargeThing& a, const LargeThing& b) {
    return std::tie(b.item.unpacked_bytes, a.item.kind, a.item.name, a.layer) <
           std::tie(a.item.unpacked_bytes, b.item.kind, b.item.name, b.layer);
  });
  if (things.size() > count) things.resize(count);
  return things;
}

}  // namespace cogbuild::report
