#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/recipe/reader.hpp>
#include <cogbuild/registry/client.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <functional>
#include <string>

namespace cogbuild::pull {

// The client for a registry host; the same object for the same host. Must be safe from several
// threads.
using ClientFor = std::function<Result<registry::Client*>(const std::string& registry)>;

// Opens segments of recipes: of blobs in the store, and of blobs that still lie in a registry.
class SegmentSources final : public recipe::SegmentOpener {
 public:
  SegmentSources(const store::BlobStore& blobs, ClientFor client_for)
      : blobs_(blobs), client_for_(std::move(client_for)) {}
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::BlobRange& range) override;
  Result<std::unique_ptr<io::ByteSource>> open(const recipe::RemoteBlob& blob,
                                               std::uint64_t offset) override;

 private:
  const store::BlobStore& blobs_;
  ClientFor client_for_;
};

}  // namespace cogbuild::pull
