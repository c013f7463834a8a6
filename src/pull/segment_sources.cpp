#include <cogbuild/image/reference.hpp>
#include <cogbuild/pull/segment_sources.hpp>

#include <fmt/format.h>

namespace cogbuild::pull {

Result<std::unique_ptr<io::ByteSource>> SegmentSources::open(const recipe::BlobRange& range) {
  return blobs_.open(range.blob, range.offset, range.size_bytes);
}

Result<std::unique_ptr<io::ByteSource>> SegmentSources::open(const recipe::RemoteBlob& blob,
                                                             std::uint64_t offset) {
  // A copy in the store is as good and nearer.
  TRY_ASSIGN(const bool stored, blobs_.contains(blob.blob));
  if (stored) return blobs_.open(blob.blob, offset, blob.size_bytes - offset);
  TRY_ASSIGN(const image::Reference repository, image::parse_reference(blob.repository));
  if (!client_for_)
    return fail(
        Error(ErrorKind::network, fmt::format("blob {} lies in {}, which is not asked when offline",
                                              to_string(blob.blob), blob.repository))
            .hint("leave out --offline once, so that it can be fetched"));
  TRY_ASSIGN(registry::Client * client, client_for_(repository.registry));
  return client->blob(repository, blob.blob, blob.size_bytes, offset);
}

}  // namespace cogbuild::pull
