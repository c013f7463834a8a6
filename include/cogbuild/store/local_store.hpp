#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <filesystem>
#include <memory>

namespace cogbuild::store {

// Both halves of what is kept between runs, on disk below one root (design, section 5): `blobs/`,
// `tmp/`, `index.sqlite`, and a CACHEDIR.TAG so that backups leave it out.
struct LocalStore {
  std::unique_ptr<BlobStore> blobs{};
  std::unique_ptr<KeyIndex> keys{};

  // Makes the root where it is missing and removes the temporary files of writers that were
  // killed. A read-only root that holds an index can be read. Error: io, with a hint at
  // COGBUILD_CACHE_DIR.
  static Result<LocalStore> open(
      const std::filesystem::path& cache_root,
      std::shared_ptr<const clock::Clock> clock = std::make_shared<clock::SystemClock>());
};

}  // namespace cogbuild::store
