#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pull/image_source.hpp>
#include <cogbuild/pull/segment_sources.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <string>

namespace cogbuild::pull {

struct PullServices {
  store::BlobStore& blobs;
  store::KeyIndex& keys;
  ClientFor client_for{};
  progress::Reporter& reporter;
  bool offline =
      false;  // registries are not asked: what was resolved before is used, else an error
};

// An image wherever it lives, as values: nothing is unpacked and no layer is read. Errors:
// not_found, network, auth, integrity, unsupported, io.
Result<image::Image> open_image(const ImageSource& source, const image::Platform& platform,
                                const PullServices& services);

// The source, or the name in the local store where the store has an image of that very name: what a
// user means who has just built `registry/name`. A reference by digest always means the registry.
Result<ImageSource> prefer_local(ImageSource source, const store::KeyIndex& keys);

// The same as something to build on. Its layers are streamed once per base (by diff_ids), to learn
// their directory tree, and verified on the way (digest and diff_id); the summary is kept in
// Table::tree.
Result<base::BaseImage> open_base(const ImageSource& source, const image::Platform& platform,
                                  const PullServices& services);

}  // namespace cogbuild::pull
