#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

namespace cogbuild::store {

namespace {

struct Blob {
  std::shared_ptr<const std::string> content{};
  clock::Time written_at{};
};

// Reads a range of content that it shares, so that removing the blob does not end it.
class SharedSource final : public io::ByteSource {
 public:
  SharedSource(std::shared_ptr<const std::string> content, std::size_t offset, std::size_t size)
      : content_(std::move(content)), rest_(std::string_view(*content_).substr(offset, size)) {}

  Result<std::size_t> read(std::span<std::byte> buffer) override {
    const std::size_t count = std::min(buffer.size(), rest_.size());
    if (count > 0) std::memcpy(buffer.data(), rest_.data(), count);
    rest_.remove_prefix(count);
    return count;
  }

 private:
  std::shared_ptr<const std::string> content_;
  std::string_view rest_;
};

}  // namespace

struct MemoryBlobStore::State {
  std::mutex mutex{};
  std::map<digest::Digest, Blob> blobs{};
  std::optional<io::TempDir> files{};  // made when the first file is asked for

  Result<Blob> find(const digest::Digest& blob) {
    const std::lock_guard lock(mutex);
    const auto found = blobs.find(blob);
    if (found == blobs.end()) return fail(no_such_blob(blob));
    return found->second;
  }
};

class MemoryBlobStore::Writer final : public BlobWriter {
 public:
  explicit Writer(std::shared_ptr<State> state) : state_(std::move(state)) {}

  Result<void> write(std::span<const std::byte> bytes) override {
    content_ += io::text(bytes);
    return {};
  }

  Result<digest::Digest> commit(const std::optional<digest::Digest>& expected) override {
    const auto actual = digest::digest_of(content_);
    if (expected && actual != *expected)
      return fail(
          Error(ErrorKind::integrity, fmt::format("content has digest {}, expected {}",
                                                  to_string(actual), to_string(*expected))));
    const std::lock_guard lock(state_->mutex);
    auto& blob = state_->blobs[actual];
    if (!blob.content) blob.content = std::make_shared<const std::string>(std::move(content_));
    blob.written_at = clock::SystemClock().now();
    return actual;
  }

 private:
  std::shared_ptr<State> state_;
  std::string content_{};
};

MemoryBlobStore::MemoryBlobStore() : state_(std::make_shared<State>()) {}
MemoryBlobStore::~MemoryBlobStore() = default;

Result<bool> MemoryBlobStore::contains(const digest::Digest& blob) const {
  const std::lock_guard lock(state_->mutex);
  return state_->blobs.contains(blob);
}

Result<std::uint64_t> MemoryBlobStore::size_bytes(const digest::Digest& blob) const {
  TRY_ASSIGN(const Blob found, state_->find(blob));
  return std::uint64_t{found.content->size()};
}

Result<clock::Time> MemoryBlobStore::written_at(const digest::Digest& blob) const {
  TRY_ASSIGN(const Blob found, state_->find(blob));
  return found.written_at;
}

Result<std::unique_ptr<io::ByteSource>> MemoryBlobStore::open(const digest::Digest& blob,
                                                              std::uint64_t offset,
                                                              std::uint64_t size_bytes) const {
  TRY_ASSIGN(const Blob found, state_->find(blob));
  const std::uint64_t size = found.content->size();
  if (offset > size || size_bytes > size - offset)
    return fail(
        Error(ErrorKind::integrity, fmt::format("blob {} has {} bytes, asked for {} at {}",
                                                to_string(blob), size, size_bytes, offset)));
  return std::make_unique<SharedSource>(found.content, static_cast<std::size_t>(offset),
                                        static_cast<std::size_t>(size_bytes));
}

Result<std::unique_ptr<BlobWriter>> MemoryBlobStore::create() {
  return std::make_unique<Writer>(state_);
}

Result<void> MemoryBlobStore::remove(const digest::Digest& blob) {
  const std::lock_guard lock(state_->mutex);
  state_->blobs.erase(blob);
  return {};
}

Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> MemoryBlobStore::list() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::pair<digest::Digest, std::uint64_t>> blobs;
  for (const auto& [blob, stored] : state_->blobs) blobs.emplace_back(blob, stored.content->size());
  return blobs;
}

Result<std::filesystem::path> MemoryBlobStore::file(const digest::Digest& blob) const {
  TRY_ASSIGN(const Blob found, state_->find(blob));
  const std::lock_guard lock(state_->mutex);
  if (!state_->files) {
    TRY_ASSIGN(auto directory, io::TempDir::create());
    state_->files.emplace(std::move(directory));
  }
  auto path = state_->files->path() / blob.hex();
  std::error_code code;
  if (!std::filesystem::exists(path, code)) TRY(io::write_atomically(path, *found.content));
  return path;
}

}  // namespace cogbuild::store
