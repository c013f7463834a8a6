#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/compress/decompress.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/realise/packed_blob.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::realise {

namespace {

constexpr int kZstdLevel = 3;
// Up to here new bytes stay in the recipe itself; beyond, they become a blob of the store.
constexpr std::size_t kLiteralBytes = std::size_t{64} * 1024;

}  // namespace

std::string compressor_identity(plan::Compression compression) {
  switch (compression) {
    case plan::Compression::none:
      return "tar";
    case plan::Compression::gzip_stored:
      return "gzip-stored-65535";
    case plan::Compression::gzip:
      return fmt::format("{}-block{}-own{}", compress::GzipCompressor::identity(), kSolidBlockBytes,
                         kOwnMemberBytes);
    case plan::Compression::zstd:
      return fmt::format("{}-block{}", compress::ZstdCompressor::identity(kZstdLevel),
                         kSolidBlockBytes);
  }
  return {};
}

PackedBlob::PackedBlob(plan::Compression compression, store::BlobStore& blobs)
    : compression_(compression), blobs_(blobs) {
  if (compression == plan::Compression::gzip) gzip_.emplace();
  if (compression == plan::Compression::zstd) zstd_.emplace(kZstdLevel);
  if (compression != plan::Compression::none) block_.reserve(kSolidBlockBytes);
}

void PackedBlob::count_tar(std::span<const std::byte> bytes) {
  tar_.update(bytes);
  if (compression_ == plan::Compression::gzip_stored) tar_crc_ = compress::crc32(tar_crc_, bytes);
}

Result<void> PackedBlob::write(std::span<const std::byte> bytes) {
  count_tar(bytes);
  if (compression_ == plan::Compression::none) return emit(bytes);
  while (!bytes.empty()) {
    const std::size_t count = std::min(bytes.size(), kSolidBlockBytes - block_.size());
    block_.insert(block_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
    bytes = bytes.subspan(count);
    if (block_.size() == kSolidBlockBytes) TRY(flush_block());
  }
  return {};
}

Result<void> PackedBlob::flush_block() {
  if (block_.empty()) return {};
  switch (compression_) {
    case plan::Compression::none:
      break;
    case plan::Compression::gzip_stored:
      TRY(store_block(block_, false));
      break;
    case plan::Compression::gzip:
      TRY(emit(gzip_->member(block_)));
      break;
    case plan::Compression::zstd:
      TRY(emit(zstd_->frame(block_)));
      break;
  }
  block_.clear();
  return {};
}

Result<void> PackedBlob::store_block(std::span<const std::byte> bytes, bool last) {
  if (packed_.size_bytes() == 0) TRY(emit(io::bytes(compress::gzip_member_header())));
  do {
    const auto part = bytes.first(std::min<std::size_t>(bytes.size(), compress::kStoredBlockBytes));
    bytes = bytes.subspan(part.size());
    const std::string header = compress::stored_block_header(
        static_cast<std::uint16_t>(part.size()), last && bytes.empty());
    TRY(emit(io::bytes(header)));
    TRY(emit(part));
  } while (!bytes.empty());
  return {};
}

Result<void> PackedBlob::emit(std::span<const std::byte> packed) {
  packed_.update(packed);
  if (!parts_.empty() && std::holds_alternative<NewRange>(parts_.back()))
    std::get<NewRange>(parts_.back()).size_bytes += packed.size();
  else
    parts_.emplace_back(NewRange{.offset = new_bytes_, .size_bytes = packed.size()});
  new_bytes_ += packed.size();
  if (!writer_ && pending_.size() + packed.size() <= kLiteralBytes) {
    pending_ += io::text(packed);
    return {};
  }
  if (!writer_) {
    TRY_ASSIGN(writer_, blobs_.create());
    TRY(writer_->write(io::bytes(pending_)));
    pending_.clear();
  }
  return writer_->write(packed);
}

void PackedBlob::refer(recipe::Segment segment) { parts_.emplace_back(std::move(segment)); }

Result<void> PackedBlob::write_member(archive::MemberReader& wheel,
                                      const archive::ZipMember& member,
                                      const digest::Digest& wheel_digest, io::ByteSink* inflated) {
  if (keeps(member)) return pass_member(wheel, member, wheel_digest, inflated);

  struct Both final : io::ByteSink {
    Both(PackedBlob& to, io::ByteSink* also) : blob(to), observer(also) {}
    Result<void> write(std::span<const std::byte> bytes) override {
      if (observer != nullptr) TRY(observer->write(bytes));
      return blob.write(bytes);
    }
    PackedBlob& blob;
    io::ByteSink* observer;
  } both(*this, inflated);
  return wheel.extract(member, both);
}

// The member's own compressed bytes become the body of a gzip member: they are hashed and inflated
// once (for the diff_id and the CRC), and never compressed again.
Result<void> PackedBlob::pass_member(archive::MemberReader& wheel, const archive::ZipMember& member,
                                     const digest::Digest& wheel_digest, io::ByteSink* inflated) {
  TRY(flush_block());
  TRY(emit(io::bytes(compress::gzip_member_header())));

  struct Tar final : io::ByteSink {
    Tar(PackedBlob& to, io::ByteSink* also) : blob(to), observer(also) {}
    Result<void> write(std::span<const std::byte> bytes) override {
      if (observer != nullptr) TRY(observer->write(bytes));
      blob.count_tar(bytes);
      return {};
    }
    PackedBlob& blob;
    io::ByteSink* observer;
  } tar(*this, inflated);
  TRY(wheel.extract(member, tar, &packed_));
  refer(recipe::BlobRange{
      .blob = wheel_digest, .offset = member.data_offset, .size_bytes = member.compressed_bytes});
  return emit(io::bytes(compress::gzip_member_trailer(member.crc32, member.unpacked_bytes)));
}

Result<void> PackedBlob::write_file(const std::filesystem::path& path, const io::FileStamp& stamp,
                                    const std::function<void(std::uint64_t)>& on_progress) {
  const bool in_place =
      compression_ == plan::Compression::none || compression_ == plan::Compression::gzip_stored;
  if (in_place) TRY(flush_block());
  if (compression_ == plan::Compression::gzip_stored && packed_.size_bytes() == 0)
    TRY(emit(io::bytes(compress::gzip_member_header())));

  TRY_ASSIGN(io::Fd file, io::open_for_reading(path));
  TRY_ASSIGN(const io::FileStamp before, io::stamp(file, path));
  const Error changed =
      Error(ErrorKind::integrity, fmt::format("{} changed while it was being read", path.string()))
          .hint("run it again when nothing writes to the file");
  if (before != stamp) return fail(changed);

  // A multiple of the stored block, so that blocks and buffers end together.
  std::vector<std::byte> buffer(4 * compress::kStoredBlockBytes);
  std::uint64_t offset = 0;
  while (offset < stamp.size_bytes) {
    const auto window = std::span(buffer).first(static_cast<std::size_t>(
        std::min<std::uint64_t>(buffer.size(), stamp.size_bytes - offset)));
    TRY(io::read_at(file, path, offset, window));
    offset += window.size();
    if (!in_place) {
      TRY(write(window));
    } else if (compression_ == plan::Compression::none) {
      count_tar(window);
      packed_.update(window);
    } else {
      count_tar(window);
      for (std::size_t at = 0; at < window.size(); at += compress::kStoredBlockBytes) {
        const auto part = window.subspan(
            at, std::min<std::size_t>(window.size() - at, compress::kStoredBlockBytes));
        packed_.update(
            compress::stored_block_header(static_cast<std::uint16_t>(part.size()), false));
        packed_.update(part);
      }
    }
    if (on_progress) on_progress(offset);
  }
  TRY_ASSIGN(const io::FileStamp after, io::stamp(file, path));
  if (after != stamp) return fail(changed);
  if (stamp.size_bytes > 0 && compression_ == plan::Compression::none)
    refer(recipe::FileRange{
        .path = path, .offset = 0, .size_bytes = stamp.size_bytes, .stamp = stamp});
  if (stamp.size_bytes > 0 && compression_ == plan::Compression::gzip_stored)
    refer(recipe::StoredFile{.path = path, .content_bytes = stamp.size_bytes, .stamp = stamp});
  return {};
}

Result<void> PackedBlob::write_packed(const Packed& packed) {
  TRY(flush_block());
  struct Observed final : io::ByteSource {
    Observed(std::unique_ptr<io::ByteSource> from, digest::Hasher& to)
        : source(std::move(from)), hasher(to) {}
    Result<std::size_t> read(std::span<std::byte> buffer) override {
      TRY_ASSIGN(const std::size_t count, source->read(buffer));
      hasher.update(buffer.first(count));
      return count;
    }
    std::unique_ptr<io::ByteSource> source;
    digest::Hasher& hasher;
  };
  TRY_ASSIGN(auto stored, blobs_.open(packed.blob, 0, packed.packed_bytes));
  std::unique_ptr<io::ByteSource> content = std::make_unique<Observed>(
      std::make_unique<digest::VerifyingSource>(std::move(stored), packed.blob, packed.packed_bytes,
                                                "a part of a layer"),
      packed_);
  if (compression_ != plan::Compression::none) {
    TRY_ASSIGN(auto unpacked, compress::decompress(std::move(content)));
    content = std::move(unpacked.content);
  }
  std::vector<std::byte> buffer(io::kBufferBytes);
  const std::uint64_t before = tar_.size_bytes();
  for (;;) {
    TRY_ASSIGN(const std::size_t count, content->read(buffer));
    if (count == 0) break;
    count_tar(std::span(buffer).first(count));
  }
  if (tar_.size_bytes() - before != packed.tar_bytes)
    return fail(
        Error(ErrorKind::integrity, fmt::format("a part of a layer unpacks to {} bytes, "
                                                "expected {}",
                                                tar_.size_bytes() - before, packed.tar_bytes)));
  refer(recipe::BlobRange{.blob = packed.blob, .offset = 0, .size_bytes = packed.packed_bytes});
  return {};
}

Result<PackedBlob::Finished> PackedBlob::finish() {
  if (compression_ == plan::Compression::gzip_stored) {
    TRY(store_block(block_, true));
    TRY(emit(io::bytes(compress::gzip_member_trailer(tar_crc_, tar_.size_bytes()))));
  } else {
    TRY(flush_block());
  }
  std::optional<digest::Digest> new_blob;
  if (writer_) {
    TRY_ASSIGN(new_blob, writer_->commit());
  }
  Finished finished;
  finished.unpacked_bytes = tar_.size_bytes();
  finished.diff_id = tar_.finish();
  finished.recipe.size_bytes = packed_.size_bytes();
  finished.recipe.digest = packed_.finish();
  for (auto& part : parts_) {
    if (const auto* range = std::get_if<NewRange>(&part)) {
      if (new_blob)
        recipe::append(
            finished.recipe.segments,
            recipe::BlobRange{
                .blob = *new_blob, .offset = range->offset, .size_bytes = range->size_bytes});
      else
        recipe::append(finished.recipe.segments, recipe::Literal{pending_.substr(
                                                     static_cast<std::size_t>(range->offset),
                                                     static_cast<std::size_t>(range->size_bytes))});
    } else {
      recipe::append(finished.recipe.segments, std::move(std::get<recipe::Segment>(part)));
    }
  }
  return finished;
}

}  // namespace cogbuild::realise
