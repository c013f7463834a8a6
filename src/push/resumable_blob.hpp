#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/recipe/reader.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <atomic>
#include <cstdint>
#include <memory>

namespace cogbuild::push {

// The bytes of one blob for an upload that may break and resume. Every byte of the blob passes
// through one hasher in order, whatever offsets are asked for, and the last bytes are handed out
// only if the whole has the recipe's digest: a source that changed never completes an upload.
class ResumableBlob {
 public:
  // All arguments must outlive the blob. Once `stop` is set, reading fails.
  ResumableBlob(const recipe::Recipe& recipe, recipe::SegmentOpener& opener,
                const std::atomic<bool>& stop)
      : recipe_(recipe), opener_(opener), stop_(stop) {}

  // The bytes from `offset` on; ends the source given out before. Going on where that one stopped
  // costs nothing, going back reads the beginning again.
  Result<std::unique_ptr<io::ByteSource>> open(std::uint64_t offset);

 private:
  class Source;
  Result<std::size_t> read(std::span<std::byte> buffer);
  Result<void> begin(std::uint64_t offset);

  const recipe::Recipe& recipe_;
  recipe::SegmentOpener& opener_;
  const std::atomic<bool>& stop_;
  std::unique_ptr<io::ByteSource> source_{};  // none before the first read and after an error
  std::uint64_t position_ = 0;
};

}  // namespace cogbuild::push
