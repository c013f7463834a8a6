#include "cache_error.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cogbuild::store {

namespace {

namespace fs = std::filesystem;

fs::path directory_of_blobs(const fs::path& root) { return root / "blobs" / "sha256"; }
fs::path file_of(const fs::path& root, const digest::Digest& blob) {
  return directory_of_blobs(root) / blob.hex();
}

Result<struct stat> status_of(const fs::path& root, const digest::Digest& blob) {
  struct stat status {};
  const auto path = file_of(root, blob);
  if (::stat(path.c_str(), &status) == 0) return status;
  if (errno == ENOENT || errno == ENOTDIR) return fail(no_such_blob(blob));
  return fail(io::system_error("read", path));
}

// Directories that are made are also made to last: entries of them are the commits that follow.
// `tmp` comes last: where it exists, a commit finds its place too.
Result<void> make_directories(const fs::path& root) {
  std::error_code code;
  for (const auto& directory : {directory_of_blobs(root), root / "tmp"}) {
    fs::create_directories(directory, code);
    if (code) return fail(cannot_write(root, code.message(), code.value()));
    const io::Fd parent(::open(directory.parent_path().c_str(), O_RDONLY | O_CLOEXEC));
    if (parent.valid()) ::fsync(parent.get());
  }
  return {};
}

// A new temporary file, locked for as long as it is open: a lock that can be had tells
// LocalStore::open that the writer is gone, whichever process or container it was in. No file, and
// errno: as open(2).
io::Fd create_temporary(std::string& name) {
  const std::string pattern = name;
  while (true) {
    name = pattern;
    io::Fd file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file.valid()) return file;
    // A file system without locks is one whose leftovers stay.
    if (::flock(file.get(), LOCK_EX) != 0) return file;
    struct stat status {};
    // Removed as a leftover before it was locked?
    if (::fstat(file.get(), &status) != 0 || status.st_nlink > 0) return file;
  }
}

class DiskBlobWriter final : public BlobWriter {
 public:
  DiskBlobWriter(fs::path root, fs::path temporary, io::Fd file)
      : root_(std::move(root)), temporary_(std::move(temporary)), file_(std::move(file)) {}
  DiskBlobWriter(const DiskBlobWriter&) = delete;
  DiskBlobWriter& operator=(const DiskBlobWriter&) = delete;
  ~DiskBlobWriter() override {
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
  }

  Result<void> write(std::span<const std::byte> bytes) override {
    hasher_.update(bytes);
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return fail(cannot_write(root_));
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
  }

  Result<digest::Digest> commit(const std::optional<digest::Digest>& expected) override {
    const auto actual = hasher_.finish();
    if (expected && actual != *expected)
      return fail(
          Error(ErrorKind::integrity, fmt::format("content has digest {}, expected {}",
                                                  to_string(actual), to_string(*expected))));
    const auto target = file_of(root_, actual);
    // One that is there already is replaced: it counts as new for whoever prunes, and one that the
    // disk has damaged is whole again.
    if (::fchmod(file_.get(), 0444) != 0 || ::fsync(file_.get()) != 0)
      return fail(cannot_write(root_));
    if (::rename(temporary_.c_str(), target.c_str()) != 0) return fail(cannot_write(root_));
    temporary_.clear();
    file_.close();  // and with it the lock that kept the temporary file
    return actual;
  }

 private:
  fs::path root_;
  fs::path temporary_;
  io::Fd file_;
  digest::Hasher hasher_{};
};

}  // namespace

DiskBlobStore::DiskBlobStore(fs::path root) : root_(std::move(root)) {}

Result<bool> DiskBlobStore::contains(const digest::Digest& blob) const {
  const auto status = status_of(root_, blob);
  if (status) return true;
  if (status.error().kind() == ErrorKind::not_found) return false;
  return fail(status.error());
}

Result<std::uint64_t> DiskBlobStore::size_bytes(const digest::Digest& blob) const {
  TRY_ASSIGN(const auto status, status_of(root_, blob));
  return static_cast<std::uint64_t>(status.st_size);
}

Result<clock::Time> DiskBlobStore::written_at(const digest::Digest& blob) const {
  TRY_ASSIGN(const auto status, status_of(root_, blob));
  return clock::Time(std::chrono::seconds(status.st_mtim.tv_sec) +
                     std::chrono::nanoseconds(status.st_mtim.tv_nsec));
}

Result<std::unique_ptr<io::ByteSource>> DiskBlobStore::open(const digest::Digest& blob,
                                                            std::uint64_t offset,
                                                            std::uint64_t size_bytes) const {
  const auto path = file_of(root_, blob);
  auto file = io::open_for_reading(path);
  if (!file && file.error().kind() == ErrorKind::not_found) return fail(no_such_blob(blob));
  if (!file) return fail(std::move(file).error());
  TRY_ASSIGN(const auto stamp, io::stamp(*file, path));
  if (offset > stamp.size_bytes || size_bytes > stamp.size_bytes - offset)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("blob {} has {} bytes, asked for {} at {}", to_string(blob),
                                  stamp.size_bytes, size_bytes, offset)));
  return std::make_unique<io::FileSource>(*std::move(file), path, offset, size_bytes);
}

Result<std::unique_ptr<BlobWriter>> DiskBlobStore::create() {
  std::string name = (root_ / "tmp" / "blob-XXXXXX").string();
  io::Fd file = create_temporary(name);
  if (!file.valid() && errno == ENOENT) {
    TRY(make_directories(root_));
    name = (root_ / "tmp" / "blob-XXXXXX").string();
    file = create_temporary(name);
  }
  if (!file.valid()) return fail(cannot_write(root_));
  return std::make_unique<DiskBlobWriter>(root_, name, std::move(file));
}

Result<void> DiskBlobStore::remove(const digest::Digest& blob) {
  if (::unlink(file_of(root_, blob).c_str()) != 0 && errno != ENOENT && errno != ENOTDIR)
    return fail(cannot_write(root_));
  return {};
}

Result<std::vector<std::pair<digest::Digest, std::uint64_t>>> DiskBlobStore::list() const {
  std::vector<std::pair<digest::Digest, std::uint64_t>> blobs;
  const auto directory = directory_of_blobs(root_);
  std::error_code code;
  fs::directory_iterator entry(directory, code);
  if (code == std::errc::no_such_file_or_directory) return blobs;
  for (; !code && entry != fs::directory_iterator(); entry.increment(code)) {
    const auto blob = digest::Digest::parse_hex(entry->path().filename().native());
    if (!blob || blob->hex() != entry->path().filename().native()) continue;
    std::error_code gone;
    const auto size = entry->file_size(gone);  // another process may have removed it
    if (!gone) blobs.emplace_back(*blob, size);
  }
  if (code) {
    errno = code.value();
    return fail(io::system_error("list", directory));
  }
  std::ranges::sort(blobs);
  return blobs;
}

Result<fs::path> DiskBlobStore::file(const digest::Digest& blob) const {
  TRY(status_of(root_, blob));
  return file_of(root_, blob);
}

}  // namespace cogbuild::store
