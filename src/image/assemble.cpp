#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/image.hpp>

#include <algorithm>
#include <utility>

namespace cogbuild::image {

namespace {

// The base's history, or one entry per layer when it does not tell of exactly these layers: buildah
// and podman refuse an image whose counts differ.
std::vector<History> fitting_history(const ImageConfig& base_config, std::size_t layer_count) {
  const auto told = std::ranges::count(base_config.history, false, &History::empty_layer);
  if (static_cast<std::size_t>(told) == layer_count) return base_config.history;
  return std::vector<History>(layer_count, History{.created_by = "base layer"});
}

Descriptor describe(std::string_view media_type, std::string_view content) {
  return {.media_type = std::string(media_type),
          .digest = digest::digest_of(content),
          .size_bytes = content.size()};
}

}  // namespace

Image assemble(const ImageConfig& base_config, const std::vector<Layer>& base_layers,
               ImageConfig config, const std::vector<Layer>& layers,
               const Annotations& annotations) {
  Image image;
  Manifest manifest{.annotations = annotations};
  config.diff_ids.clear();
  config.history = fitting_history(base_config, base_layers.size());
  for (const auto* group : {&base_layers, &layers}) {
    for (const Layer& layer : *group) {
      config.diff_ids.push_back(layer.diff_id);
      manifest.layers.push_back(layer.descriptor);
      manifest.layers.back().media_type = oci_layer_type(layer.descriptor.media_type);
      image.layers.push_back(layer);
      image.layers.back().descriptor.media_type = manifest.layers.back().media_type;
    }
  }
  for (const Layer& layer : layers) config.history.push_back({.created_by = layer.created_by});

  image.config_json = to_json(config);
  manifest.config = describe(kConfigType, image.config_json);
  image.manifest_json = to_json(manifest);
  image.manifest = describe(kManifestType, image.manifest_json);
  image.manifest.platform = config.platform;
  return image;
}

}  // namespace cogbuild::image
