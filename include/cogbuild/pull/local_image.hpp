#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <optional>
#include <string>

namespace cogbuild::pull {

// Keeps an image under a name in the local store: manifest and config as blobs, recipes of its
// layers (Table::recipe; a layer whose recipe has no segments is taken as kept already), and the
// tag last, so that a name always leads to a whole image. Names are kept in full
// (`docker.io/library/cog-x:latest`).
Result<void> save_image(const image::Image& image, const std::string& name, store::BlobStore& blobs,
                        store::KeyIndex& keys);

// The manifest digest of a name; nothing when there is no such name.
Result<std::optional<digest::Digest>> find_image(const std::string& name,
                                                 const store::KeyIndex& keys);

// The image with its recipes. Errors: not_found; integrity.
Result<image::Image> load_image(const std::string& name, const store::BlobStore& blobs,
                                const store::KeyIndex& keys);

}  // namespace cogbuild::pull
