#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <set>

namespace cogbuild::build {

// Every blob that some name of the local store leads to: manifests, configs, layers, and what their
// recipes draw on (wheels, solid members). A name whose image is damaged reaches its manifest
// alone.
Result<std::set<digest::Digest>> reachable_blobs(const store::BlobStore& blobs,
                                                 const store::KeyIndex& keys);

}  // namespace cogbuild::build
