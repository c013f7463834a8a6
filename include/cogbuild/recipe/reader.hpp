#pragma once

#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <cstdint>
#include <memory>

namespace cogbuild::recipe {

// Where the segments that are not in the recipe itself come from.
class SegmentOpener {
 public:
  virtual ~SegmentOpener() = default;
  virtual Result<std::unique_ptr<io::ByteSource>> open(const BlobRange& range) = 0;
  // `offset` into the remote blob; the source runs to its end.
  virtual Result<std::unique_ptr<io::ByteSource>> open(const RemoteBlob& blob,
                                                       std::uint64_t offset) = 0;
};

// Streams a recipe from `offset` on, unverified; what lies before is not read. `recipe` and
// `opener` must outlive the reader. Errors: integrity (a file has another stamp than when it was
// hashed, or is gone; a source ended early; `offset` lies past the end), and whatever the opener
// meets.
Result<std::unique_ptr<io::ByteSource>> open(const Recipe& recipe, SegmentOpener& opener,
                                             std::uint64_t offset = 0);

// Streams the whole recipe and fails at the end unless the bytes have its digest.
Result<std::unique_ptr<io::ByteSource>> open_verified(const Recipe& recipe, SegmentOpener& opener);

}  // namespace cogbuild::recipe
