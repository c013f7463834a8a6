#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/byte_source.hpp>

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
  virtual Result<std::unique_ptr<io::ByteSource>> open(const digest::Digest& blob, std::uint64_t offset,
                                                       std::uint64_t size_bytes) const = 0;
  virtual Result<std::unique_ptr<BlobWriter>> create() = 0;
  virtual Result<void> remove(const digest::Digest& blob) = 0;
  // Every blob with its size, sorted by digest.
  virtual Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> list() const = 0;
  // The file that holds the blob, for readers that need random access (zip directories). Error: not_found.
  // The blob is read-only; a store in memory writes it to a temporary file first.
  virtual Result<std::filesystem::path> file(const digest::Digest& blob) const = 0;
};

// Convenience over the seam.
Result<digest::Digest> put(BlobStore& store, std::string_view content);
Result<std::string> get(const BlobStore& store, const digest::Digest& blob, std::uint64_t limit_bytes);

// `<root>/blobs/sha256/<hex>`, temporary files in `<root>/tmp`. A fully read-only root still serves reads.
class DiskBlobStore final : public BlobStore {
 public:
  explicit DiskBlobStore(std::filesystem::path root);
  Result<bool> contains(const digest::Digest& blob) const override;
  Result<std::uint64_t> size_bytes(const digest::Digest& blob) const override;
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
  Result<std::unique_ptr<io::ByteSource>> open(const digest::Digest& blob, std::uint64_t offset,
                                               std::uint64_t size_bytes) const override;
  Result<std::unique_ptr<BlobWriter>> create() override;
  Result<void> remove(const digest::Digest& blob) override;
  Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> list() const override;
  Result<std::filesystem::path> file(const digest::Digest& blob) const override;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with writers that are still open
};

}  // namespace cogbuild::store
