#include "resumable_blob.hpp"

#include <cogbuild/io/bytes.hpp>

#include <algorithm>
#include <span>
#include <variant>
#include <vector>

namespace cogbuild::push {

class ResumableBlob::Source final : public io::ByteSource {
 public:
  explicit Source(ResumableBlob& blob) : blob_(blob) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override { return blob_.read(buffer); }

 private:
  ResumableBlob& blob_;
};

Result<std::unique_ptr<io::ByteSource>> ResumableBlob::open(std::uint64_t offset) {
  if (!source_ || offset < position_) TRY(begin(offset));
  std::vector<std::byte> skipped(offset > position_ ? io::kBufferBytes : 0);
  while (position_ < offset) {
    const auto wanted = std::min<std::uint64_t>(skipped.size(), offset - position_);
    TRY_ASSIGN(const std::size_t count,
               read(std::span(skipped).first(static_cast<std::size_t>(wanted))));
    if (count == 0) break;
  }
  return std::make_unique<Source>(*this);
}

Result<void> ResumableBlob::begin(std::uint64_t offset) {
  // A blob that comes from a registry by its digest cannot change under us, and reading it again
  // from the start would fetch it again: the receiving registry checks it when the upload is
  // closed.
  const bool is_remote = recipe_.segments.size() == 1 &&
                         std::holds_alternative<recipe::RemoteBlob>(recipe_.segments.front());
  if (is_remote && offset > 0) {
    TRY_ASSIGN(source_, recipe::open(recipe_, opener_, offset));
    position_ = offset;
    return {};
  }
  TRY_ASSIGN(source_, recipe::open_verified(recipe_, opener_));
  position_ = 0;
  return {};
}

Result<std::size_t> ResumableBlob::read(std::span<std::byte> buffer) {
  if (stop_) return fail(Error(ErrorKind::io, "stopped, because another blob failed"));
  if (!source_) return std::size_t{0};
  auto count = source_->read(buffer);
  if (!count)
    source_.reset();
  else
    position_ += *count;
  return count;
}

}  // namespace cogbuild::push
