#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/image/manifest.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <string>
#include <vector>

namespace cogbuild::image {

// One layer of a finished image. For a layer of a base only the descriptor, diff_id and recipe are
// set.
struct Layer {
  Descriptor descriptor{};
  digest::Digest diff_id{};
  recipe::Recipe recipe{};
  std::string created_by{};  // history: what the layer holds, one line
};

// A whole image as values: the exact JSON of manifest and config, and every layer as a recipe.
// Outputs and pushes are consumers of it.
struct Image {
  Descriptor manifest{};  // media type, digest, size; the platform is set
  std::string manifest_json{};
  std::string config_json{};
  std::vector<Layer> layers{};
};

// Puts layers on top of a base. `config` is the finished config but for diff_ids and history, which
// are the base's followed by one entry per layer; a base without fitting history gets one entry per
// layer.
Image assemble(const ImageConfig& base_config, const std::vector<Layer>& base_layers,
               ImageConfig config, const std::vector<Layer>& layers,
               const Annotations& annotations);

}  // namespace cogbuild::image
