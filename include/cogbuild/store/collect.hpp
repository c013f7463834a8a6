#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <cstdint>
#include <set>

namespace cogbuild::store {

struct Usage {
  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t reachable_blobs = 0;
  std::uint64_t reachable_bytes = 0;
  friend bool operator==(const Usage&, const Usage&) = default;
};

// What the blobs take, and how much of it is in `reachable`.
Result<Usage> usage(const BlobStore& blobs, const std::set<digest::Digest>& reachable);

struct PrunePolicy {
  // What the tags lead to: manifests, configs, layers, and the blobs that layers' recipes draw on.
  std::set<digest::Digest> reachable{};
  // Blobs written since, and entries written or used on its day or later, are kept in any case.
  clock::Time keep_since{};
  bool dry_run = false;
};

struct Pruned {
  std::uint64_t blobs = 0;
  std::uint64_t bytes = 0;
  std::uint64_t entries = 0;
  friend bool operator==(const Pruned&, const Pruned&) = default;
};

// Removes blobs that are neither reachable nor young, index entries that were not used since (tags
// stay), and recipes that draw on a removed blob. With `dry_run` it only counts. A build running at
// the same time may lose a cached blob it was about to use and has to be repeated.
Result<Pruned> prune(BlobStore& blobs, KeyIndex& keys, const PrunePolicy& policy);

}  // namespace cogbuild::store
