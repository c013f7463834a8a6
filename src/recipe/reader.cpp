#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/recipe/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace cogbuild::recipe {

namespace {

Error changed(const std::filesystem::path& path) {
  return Error(ErrorKind::integrity, fmt::format("{} changed since it was hashed", path.string()))
      .hint("run the build again");
}

// Reads the segments one after the other. Between two ranges of one file the file stays open.
class RecipeSource final : public io::ByteSource {
 public:
  // Starts `offset` bytes into segment `index`.
  RecipeSource(const Recipe& recipe, SegmentOpener& opener, std::size_t index, std::uint64_t offset)
      : recipe_(recipe), opener_(opener), index_(index), position_(offset) {}

  Result<std::size_t> read(std::span<std::byte> buffer) override;

 private:
  // Each fills exactly `window`, which ends within the segment.
  Result<void> fill(const Literal& literal, std::span<std::byte> window);
  Result<void> fill(const FileRange& range, std::span<std::byte> window);
  Result<void> fill(const StoredFile& file, std::span<std::byte> window);
  Result<void> fill(const BlobRange& range, std::span<std::byte> window);
  Result<void> fill(const RemoteBlob& blob, std::span<std::byte> window);
  Result<void> fill_from_source(const digest::Digest& blob, std::uint64_t expected_bytes,
                                std::span<std::byte> window);
  Result<void> read_file(const std::filesystem::path& path, const io::FileStamp& stamp,
                         std::uint64_t offset, std::span<std::byte> window);
  Result<void> check_stamp(const std::filesystem::path& path, const io::FileStamp& stamp);

  const Recipe& recipe_;
  SegmentOpener& opener_;
  std::size_t index_;
  std::uint64_t position_;                    // in the segment
  std::unique_ptr<io::ByteSource> source_{};  // of the segment, where the opener gave one
  io::Fd file_{};
  const std::filesystem::path* file_path_ = nullptr;
  bool file_checked_ = false;  // the stamp fitted when this segment began
};

Result<std::size_t> RecipeSource::read(std::span<std::byte> buffer) {
  std::size_t filled = 0;
  // Small segments are gathered: callers hash and send in large pieces.
  while (filled < buffer.size() && index_ < recipe_.segments.size()) {
    const Segment& segment = recipe_.segments[index_];
    const std::uint64_t remaining = size_bytes(segment) - position_;
    const auto window = buffer.subspan(filled, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                   buffer.size() - filled, remaining)));
    TRY(std::visit([&](const auto& s) { return fill(s, window); }, segment));
    filled += window.size();
    position_ += window.size();
    if (window.size() == remaining) {
      // Also at the end: what was just passed on must still be what was hashed.
      if (const auto* range = std::get_if<FileRange>(&segment))
        TRY(check_stamp(range->path, range->stamp));
      if (const auto* file = std::get_if<StoredFile>(&segment))
        TRY(check_stamp(file->path, file->stamp));
      source_.reset();
      file_checked_ = false;
      position_ = 0;
      ++index_;
    }
  }
  return filled;
}

Result<void> RecipeSource::fill(const Literal& literal, std::span<std::byte> window) {
  if (!window.empty()) std::memcpy(window.data(), literal.bytes.data() + position_, window.size());
  return {};
}

Result<void> RecipeSource::fill(const FileRange& range, std::span<std::byte> window) {
  return read_file(range.path, range.stamp, range.offset + position_, window);
}

Result<void> RecipeSource::fill(const StoredFile& file, std::span<std::byte> window) {
  constexpr std::uint64_t kStride = kStoredBlockBytes + kStoredBlockHeaderBytes;
  std::uint64_t position = position_;
  while (!window.empty()) {
    const std::uint64_t block = position / kStride;
    const std::uint64_t within = position % kStride;
    const std::uint64_t content =
        std::min(kStoredBlockBytes, file.content_bytes - block * kStoredBlockBytes);
    std::size_t count = 0;
    if (within < kStoredBlockHeaderBytes) {
      const auto low = static_cast<std::uint8_t>(content & 0xffU);
      const auto high = static_cast<std::uint8_t>(content >> 8U);
      const std::array<std::uint8_t, kStoredBlockHeaderBytes> header{
          0, low, high, static_cast<std::uint8_t>(~low), static_cast<std::uint8_t>(~high)};
      count = std::min<std::size_t>(window.size(), kStoredBlockHeaderBytes - within);
      std::memcpy(window.data(), header.data() + within, count);
    } else {
      const std::uint64_t offset = within - kStoredBlockHeaderBytes;
      count = static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), content - offset));
      TRY(read_file(file.path, file.stamp, block * kStoredBlockBytes + offset,
                    window.first(count)));
    }
    window = window.subspan(count);
    position += count;
  }
  return {};
}

Result<void> RecipeSource::read_file(const std::filesystem::path& path, const io::FileStamp& stamp,
                                     std::uint64_t offset, std::span<std::byte> window) {
  if (file_path_ == nullptr || *file_path_ != path) {
    auto opened = io::open_for_reading(path);
    if (!opened && opened.error().kind() == ErrorKind::not_found)
      return fail(
          Error(ErrorKind::integrity, fmt::format("{} is gone since it was hashed", path.string()))
              .hint("run the build again"));
    if (!opened) return fail(std::move(opened).error());
    file_ = *std::move(opened);
    file_path_ = &path;
    file_checked_ = false;
  }
  if (!file_checked_) TRY(check_stamp(path, stamp));
  file_checked_ = true;
  const auto read = io::read_at(file_, path, offset, window);
  // A file that ends early was cut since the check.
  if (!read && read.error().kind() == ErrorKind::integrity) return fail(changed(path));
  return read;
}

Result<void> RecipeSource::check_stamp(const std::filesystem::path& path,
                                       const io::FileStamp& stamp) {
  TRY_ASSIGN(const io::FileStamp now, io::stamp(file_, path));
  if (now != stamp) return fail(changed(path));
  return {};
}

Result<void> RecipeSource::fill(const BlobRange& range, std::span<std::byte> window) {
  if (!source_) {
    TRY_ASSIGN(source_, opener_.open(BlobRange{.blob = range.blob,
                                               .offset = range.offset + position_,
                                               .size_bytes = range.size_bytes - position_}));
  }
  return fill_from_source(range.blob, range.size_bytes, window);
}

Result<void> RecipeSource::fill(const RemoteBlob& blob, std::span<std::byte> window) {
  if (!source_) {
    TRY_ASSIGN(source_, opener_.open(blob, position_));
  }
  return fill_from_source(blob.blob, blob.size_bytes, window);
}

Result<void> RecipeSource::fill_from_source(const digest::Digest& blob,
                                            std::uint64_t expected_bytes,
                                            std::span<std::byte> window) {
  TRY_ASSIGN(const std::size_t count, io::read_full(*source_, window));
  if (count < window.size())
    return fail(Error(ErrorKind::integrity,
                      fmt::format("blob {} ended {} bytes early", digest::to_string(blob),
                                  expected_bytes - position_ - count)));
  return {};
}

}  // namespace

Result<std::unique_ptr<io::ByteSource>> open(const Recipe& recipe, SegmentOpener& opener,
                                             std::uint64_t offset) {
  std::size_t index = 0;
  std::uint64_t within = offset;
  while (index < recipe.segments.size() && within >= size_bytes(recipe.segments[index]))
    within -= size_bytes(recipe.segments[index++]);
  if (index == recipe.segments.size() && within > 0)
    return fail(Error(ErrorKind::integrity, fmt::format("offset {} lies past the end of blob {}",
                                                        offset, digest::to_string(recipe.digest))));
  return std::make_unique<RecipeSource>(recipe, opener, index, within);
}

Result<std::unique_ptr<io::ByteSource>> open_verified(const Recipe& recipe, SegmentOpener& opener) {
  TRY_ASSIGN(auto source, open(recipe, opener));
  return std::make_unique<digest::VerifyingSource>(std::move(source), recipe.digest,
                                                   recipe.size_bytes,
                                                   "blob " + digest::to_string(recipe.digest));
}

}  // namespace cogbuild::recipe
