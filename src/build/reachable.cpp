#include <cogbuild/build/reachable.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/pull/local_image.hpp>

#include <variant>

namespace cogbuild::build {

Result<std::set<digest::Digest>> reachable_blobs(const store::BlobStore& blobs,
                                                 const store::KeyIndex& keys) {
  std::set<digest::Digest> reachable;
  TRY_ASSIGN(const auto tags, keys.list(store::Table::tag));
  for (const auto& [name, manifest] : tags) {
    if (const auto digest = digest::Digest::parse(manifest)) reachable.insert(*digest);
    const auto image = pull::load_image(name, blobs, keys);
    if (!image) continue;
    reachable.insert(digest::digest_of(image->config_json));
    for (const auto& layer : image->layers) {
      reachable.insert(layer.descriptor.digest);
      for (const auto& segment : layer.recipe.segments)
        if (const auto* range = std::get_if<recipe::BlobRange>(&segment))
          reachable.insert(range->blob);
    }
  }
  return reachable;
}

}  // namespace cogbuild::build
