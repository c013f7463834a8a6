#pragma once

#include <cogbuild/archive/member_reader.hpp>
#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/compress/gzip.hpp>
#include <cogbuild/compress/inflater.hpp>
#include <cogbuild/compress/zstd.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/recipe/recipe.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cogbuild::realise {

// How much of the tar is compressed together, in one gzip member or zstd frame.
inline constexpr std::size_t kSolidBlockBytes = std::size_t{4} << 20U;
// A wheel member of at least this compressed size becomes a gzip member of its own, as it is.
// Smaller ones would cost more in headers and lost context than they save (docs/decisions/0003).
inline constexpr std::uint64_t kOwnMemberBytes = 16 * 1024;

std::string compressor_identity(plan::Compression compression);

// A layer blob in the making: takes the tar in order, keeps what must be new bytes in the store (or
// in the recipe when that is little), and refers to everything else where it lies. Computes digest
// and diff_id on the way; nothing is read twice.
class PackedBlob {
 public:
  struct Finished {
    recipe::Recipe recipe{};
    digest::Digest diff_id{};
    std::uint64_t unpacked_bytes = 0;
  };

  // `blobs` must outlive the object.
  PackedBlob(plan::Compression compression, store::BlobStore& blobs);

  // Tar bytes that exist nowhere else.
  Result<void> write(std::span<const std::byte> bytes);
  Result<void> write(std::string_view text) { return write(io::bytes(text)); }

  // Whether a member keeps its own compressed bytes in this blob.
  [[nodiscard]] bool keeps(const archive::ZipMember& member) const {
    return compression_ == plan::Compression::gzip && member.deflated &&
           member.compressed_bytes >= kOwnMemberBytes;
  }

  // The content of a wheel's member, the wheel being the blob `wheel_digest`. `inflated`,
  // when set, sees the content. Errors: integrity (damaged, or not of the directory's size and
  // CRC-32), io.
  Result<void> write_member(archive::MemberReader& wheel, const archive::ZipMember& member,
                            const digest::Digest& wheel_digest, io::ByteSink* inflated);

  // The content of a file in place; the file must keep `stamp` while it is read.
  Result<void> write_file(const std::filesystem::path& path, const io::FileStamp& stamp,
                          const std::function<void(std::uint64_t)>& on_progress);

  // What another PackedBlob of the same compression finished as a blob of the store. Not for
  // gzip_stored, whose blobs are one member.
  struct Packed {
    digest::Digest blob{};
    std::uint64_t packed_bytes = 0;
    std::uint64_t tar_bytes = 0;
    friend bool operator==(const Packed&, const Packed&) = default;
  };
  // Its bytes are hashed and unpacked once (for the diff_id), never packed again. Errors: integrity
  // (damaged, or of other sizes), not_found, io.
  Result<void> write_packed(const Packed& packed);

  // After the last tar byte. Nothing else may be called afterwards.
  Result<Finished> finish();

 private:
  Result<void> flush_block();
  Result<void> emit(std::span<const std::byte> packed);  // new bytes of the blob
  void refer(recipe::Segment segment);                   // bytes that lie elsewhere
  Result<void> pass_member(archive::MemberReader& wheel, const archive::ZipMember& member,
                           const digest::Digest& wheel_digest, io::ByteSink* inflated);
  Result<void> store_block(std::span<const std::byte> bytes, bool last);
  void count_tar(std::span<const std::byte> bytes);

  plan::Compression compression_;
  store::BlobStore& blobs_;
  digest::Hasher packed_{};
  digest::Hasher tar_{};
  std::uint32_t tar_crc_ = 0;  // of a stored gzip member's content
  std::vector<std::byte> block_{};
  std::optional<compress::GzipCompressor> gzip_{};
  std::optional<compress::ZstdCompressor> zstd_{};
  // New bytes, until it is known whether they are few: literal segments stand as ranges of this
  // blob.
  std::string pending_{};
  std::unique_ptr<store::BlobWriter> writer_{};
  std::uint64_t new_bytes_ = 0;
  struct NewRange {
    std::uint64_t offset = 0;
    std::uint64_t size_bytes = 0;
  };
  std::vector<std::variant<NewRange, recipe::Segment>> parts_{};
};

}  // namespace cogbuild::realise
