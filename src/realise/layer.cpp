#include "build_layer.hpp"

#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/realise/layer.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <tuple>
#include <variant>

namespace cogbuild::realise {

Layer to_layer(plan::Compression compression, PackedBlob::Finished finished,
               std::vector<ContentItem> items) {
  std::ranges::sort(items, [](const ContentItem& a, const ContentItem& b) {
    return std::tie(b.unpacked_bytes, a.name) < std::tie(a.unpacked_bytes, b.name);
  });
  Layer layer;
  layer.media_type = compression == plan::Compression::none   ? image::kLayerTarType
                     : compression == plan::Compression::zstd ? image::kLayerZstdType
                                                              : image::kLayerGzipType;
  layer.digest = finished.recipe.digest;
  layer.size_bytes = finished.recipe.size_bytes;
  layer.diff_id = finished.diff_id;
  layer.unpacked_bytes = finished.unpacked_bytes;
  layer.items = std::move(items);
  std::set<digest::Digest> needs;
  for (const auto& segment : finished.recipe.segments)
    if (const auto* range = std::get_if<recipe::BlobRange>(&segment)) needs.insert(range->blob);
  layer.needs.assign(needs.begin(), needs.end());
  layer.recipe = std::move(finished.recipe);
  return layer;
}

std::string to_json(const Layer& layer) {
  nlohmann::ordered_json document;
  document["mediaType"] = layer.media_type;
  document["digest"] = to_string(layer.digest);
  document["size"] = layer.size_bytes;
  document["diffId"] = to_string(layer.diff_id);
  document["unpacked"] = layer.unpacked_bytes;
  document["needs"] = nlohmann::ordered_json::array();
  for (const auto& blob : layer.needs) document["needs"].push_back(blob.hex());
  document["items"] = nlohmann::ordered_json::array();
  for (const auto& item : layer.items)
    document["items"].push_back({item.kind, item.name, item.version, item.unpacked_bytes});
  return document.dump();
}

Result<Layer> parse_layer(std::string_view json) {
  const auto broken = [] {
    return fail(Error(ErrorKind::integrity, "a cached layer record is damaged"));
  };
  try {
    const auto document = nlohmann::json::parse(json);
    Layer layer;
    layer.media_type = document.at("mediaType").get<std::string>();
    TRY_ASSIGN(layer.digest, digest::Digest::parse(document.at("digest").get<std::string>()));
    layer.size_bytes = document.at("size").get<std::uint64_t>();
    TRY_ASSIGN(layer.diff_id, digest::Digest::parse(document.at("diffId").get<std::string>()));
    layer.unpacked_bytes = document.at("unpacked").get<std::uint64_t>();
    for (const auto& blob : document.at("needs")) {
      TRY_ASSIGN(const auto needed, digest::Digest::parse_hex(blob.get<std::string>()));
      layer.needs.push_back(needed);
    }
    for (const auto& item : document.at("items"))
      layer.items.push_back({.kind = item.at(0).get<std::string>(),
                             .name = item.at(1).get<std::string>(),
                             .version = item.at(2).get<std::string>(),
                             .unpacked_bytes = item.at(3).get<std::uint64_t>()});
    return layer;
  } catch (const nlohmann::json::exception&) {
    return broken();
  }
}

}  // namespace cogbuild::realise
