#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::store {

// Takes the bytes of one blob. Destroyed without `commit`, nothing of it remains.
class BlobWriter : public io::ByteSink {
 public:
  // Makes the blob visible under the digest of what was written, and returns it. With `expected`,
  // another digest is ErrorKind::integrity and nothing becomes visible.
  virtual Result<digest::Digest> commit(const std::optional<digest::Digest>& expected = {}) = 0;
};

// Content-addressed blobs: the seam behind everything that is kept between runs.
// Safe to use from several threads and processes; a blob is there whole or not at all.
class BlobStore {
 public:
  virtual ~BlobStore() = default;
  virtual Result<bool> contains(const digest::Digest& blob) const = 0;
  // Error: not_found.
  virtual Result<std::uint64_t> size_bytes(const digest::Digest& blob) const = 0;
  // When it was last written or committed again. Error: not_found.
  virtual Result<clock::Time> written_at(const digest::Digest& blob) const = 0;
  // The bytes [offset, offset + size). Errors: not_found, integrity (the blob is shorter).
  virtual Result<std::unique_ptr<io::ByteSource>> open(const digest::Digest& blob,
                                                       std::uint64_t offset,
                                                       std::uint64_t size_bytes) const = 0;
  virtual Result<std::unique_ptr<BlobWriter>> create() = 0;
  // Removing what is not there is no error. Sources that are open stay readable.
  virtual Result<void> remove(const digest::Digest& blob) = 0;
  // Every blob with its size, sorted by digest.
  virtual Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> list() const = 0;
  // The file that holds the blob, for readers that need random access (zip directories). Error:
  // not_found. The blob is read-only; a store in memory writes it to a temporary file first.
  virtual Result<std::filesystem::path> file(const digest::Digest& blob) const = 0;
};

// The error of every store for a blob it does not have: kind not_found.
Error no_such_blob(const digest::Digest& blob);

// Convenience over the seam. Errors of get: not_found, integrity (larger than the limit).
Result<digest::Digest> put(BlobStore& store, std::string_view content);
Result<std::string> get(const BlobStore& store, const digest::Digest& blob,
                        std::uint64_t limit_bytes);

// `<root>/blobs/sha256/<hex>`, mode 0444, temporary files in `<root>/tmp`. Blobs are fsynced before
// they appear; a rename lost in a power cut costs the work, no more. A fully read-only root still
// serves reads. Nothing is made on disk before the first write.
class DiskBlobStore final : public BlobStore {
 public:
  explicit DiskBlobStore(std::filesystem::path root);
  Result<bool> contains(const digest::Digest& blob) const override;
  Result<std::uint64_t> size_bytes(const digest::Digest& blob) const override;
  Result<clock::Time> written_at(const digest::Digest& blob) const override;
  Result<std::unique_ptr<io::ByteSource>> open(const digest::Digest& blob, std::uint64_t offset,
                                               std::uint64_t size_bytes) const override;
  Result<std::unique_ptr<BlobWriter>> create() override;
  Result<void> remove(const digest::Digest& blob) override;
  Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> list() const override;
  Result<std::filesystem::path> file(const digest::Digest& blob) const override;

 private:
  std::filesystem::path root_;
};

class MemoryBlobStore final : public BlobStore {
 public:
  MemoryBlobStore();
  ~MemoryBlobStore() override;
  Result<bool> contains(const digest::Digest& blob) const override;
  Result<std::uint64_t> size_bytes(const digest::Digest& blob) const override;
  Result<clock::Time> written_at(const digest::Digest& blob) const override;
  Result<std::unique_ptr<io::ByteSource>> open(const digest::Digest& blob, std::uint64_t offset,
                                               std::uint64_t size_bytes) const override;
  Result<std::unique_ptr<BlobWriter>> create() override;
  Result<void> remove(const digest::Digest& blob) override;
  Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> list() const override;
  Result<std::filesystem::path> file(const digest::Digest& blob) const override;

 private:
  struct State;
  class Writer;
  std::shared_ptr<State> state_;  // shared with writers that are still open
};

}  // namespace cogbuild::store
