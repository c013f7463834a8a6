#include "read_image.hpp"

#include <cogbuild/image/reference.hpp>
#include <cogbuild/pull/local_image.hpp>

#include <fmt/format.h>

#include <map>
#include <utility>
#include <vector>

namespace cogbuild::pull {

namespace {

using store::Table;

Result<std::string> full_name(const std::string& name) {
  TRY_ASSIGN(const image::Reference reference, image::parse_reference(name));
  return to_string(reference);
}

class StoreCarrier final : public Carrier {
 public:
  StoreCarrier(const store::BlobStore& blobs, const store::KeyIndex& keys)
      : blobs_(blobs), keys_(keys) {}

  Result<std::string> manifest(const image::Descriptor& descriptor) override {
    return store::get(blobs_, descriptor.digest, kMaxManifestBytes);
  }

  Result<std::string> config(const image::Descriptor& descriptor) override {
    return store::get(blobs_, descriptor.digest, kMaxConfigBytes);
  }

  Result<recipe::Recipe> layer(const image::Descriptor& descriptor) override {
    TRY_ASSIGN(const auto text, keys_.get(Table::recipe, to_string(descriptor.digest)));
    if (text) return recipe::parse(*text);
    TRY_ASSIGN(const bool stored, blobs_.contains(descriptor.digest));
    if (!stored)
      return fail(
          Error(ErrorKind::not_found, fmt::format("layer {} is no longer in the local store",
                                                  to_string(descriptor.digest)))
              .hint("build the image again"));
    TRY_ASSIGN(const std::uint64_t size, blobs_.size_bytes(descriptor.digest));
    return recipe::Recipe{
        .digest = descriptor.digest,
        .size_bytes = size,
        .segments = {recipe::BlobRange{.blob = descriptor.digest, .size_bytes = size}}};
  }

 private:
  const store::BlobStore& blobs_;
  const store::KeyIndex& keys_;
};

}  // namespace

Result<void> save_image(const image::Image& image, const std::string& name, store::BlobStore& blobs,
                        store::KeyIndex& keys) {
  TRY_ASSIGN(const std::string full, full_name(name));
  TRY(store::put(blobs, image.config_json));
  TRY_ASSIGN(const digest::Digest manifest, store::put(blobs, image.manifest_json));
  std::vector<std::pair<std::string, std::string>> recipes;
  for (const auto& layer : image.layers)
    if (!layer.recipe.segments.empty())
      recipes.emplace_back(to_string(layer.descriptor.digest), recipe::to_string(layer.recipe));
  TRY(keys.put_all(Table::recipe, recipes));
  return keys.put(Table::tag, full, to_string(manifest));
}

Result<std::optional<digest::Digest>> find_image(const std::string& name,
                                                 const store::KeyIndex& keys) {
  TRY_ASSIGN(const std::string full, full_name(name));
  TRY_ASSIGN(const auto row, keys.get(Table::tag, full));
  if (!row) return std::nullopt;
  TRY_ASSIGN(const digest::Digest manifest, digest::Digest::parse(*row));
  return manifest;
}

Result<image::Image> load_image(const std::string& name, const store::BlobStore& blobs,
                                const store::KeyIndex& keys) {
  TRY_ASSIGN(const auto manifest, find_image(name, keys));
  if (!manifest)
    return fail(Error(ErrorKind::not_found, fmt::format("there is no image `{}` here", name))
                    .hint("`cogbuild build` makes one"));
  TRY_ASSIGN(const std::uint64_t size, blobs.size_bytes(*manifest));
  StoreCarrier carrier(blobs, keys);
  return read_image({.digest = *manifest, .size_bytes = size}, std::nullopt, carrier)
      .map_error([&](Error error) {
        return std::move(error).during(fmt::format("opening `{}` in the local store", name));
      });
}

}  // namespace cogbuild::pull
