#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cogbuild::io {

Error system_error(const std::string& action, const std::filesystem::path& path) {
  const int code = errno;
  const auto kind = code == ENOENT ? ErrorKind::not_found : ErrorKind::io;
  Error error(kind, fmt::format("cannot {} {}: {}", action, path.string(),
                                std::generic_category().message(code)));
  if (code == ENOSPC) return std::move(error).hint("free some disk space and run it again");
  if (code == EROFS || code == EACCES)
    return std::move(error).hint("check the permissions, or choose another place");
  return error;
}

Fd& Fd::operator=(Fd&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Fd::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

Result<Fd> open_for_reading(const std::filesystem::path& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid()) return fail(system_error("open", path));
  return file;
}

namespace {

FileStamp to_stamp(const struct stat& status) {
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size_bytes = static_cast<std::uint64_t>(status.st_size),
          .mtime_ns = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec,
          .ctime_ns = status.st_ctim.tv_sec * kNanosPerSecond + status.st_ctim.tv_nsec};
}

}  // namespace

Result<FileStamp> stamp(const Fd& file, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error("stat", path));
  return to_stamp(status);
}

Result<FileStamp> stamp(const std::filesystem::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return fail(system_error("stat", path));
  return to_stamp(status);
}

Result<std::unique_ptr<FileSource>> FileSource::open(const std::filesystem::path& path,
                                                     std::uint64_t offset,
                                                     std::uint64_t size_bytes) {
  TRY_ASSIGN(Fd file, open_for_reading(path));
  return std::make_unique<FileSource>(std::move(file), path, offset, size_bytes);
}

Result<std::size_t> FileSource::read(std::span<std::byte> buffer) {
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), remaining_));
  if (wanted == 0) return std::size_t{0};
  ssize_t count = 0;
  do {
    count = ::pread(file_.get(), buffer.data(), wanted, static_cast<off_t>(offset_));
  } while (count < 0 && errno == EINTR);
  if (count < 0) return fail(system_error("read", path_));
  if (count == 0)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} ended {} bytes early", path_.string(), remaining_))
                    .hint("the file changed while it was being read; run it again"));
  offset_ += static_cast<std::uint64_t>(count);
  remaining_ -= static_cast<std::uint64_t>(count);
  return static_cast<std::size_t>(count);
}

Result<void> read_at(const Fd& file, const std::filesystem::path& path, std::uint64_t offset,
                     std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const ssize_t count =
        ::pread(file.get(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(system_error("read", path));
    if (count == 0)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("{} ends before byte {}", path.string(), offset)));
    offset += static_cast<std::uint64_t>(count);
    buffer = buffer.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

namespace {

Result<void> write_all(int fd, const std::filesystem::path& path,
                       std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(system_error("write", path));
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
  return {};
}

}  // namespace

Result<void> FdSink::write(std::span<const std::byte> bytes) {
  return write_all(file_.get(), path_, bytes);
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit_bytes) {
  TRY_ASSIGN(const Fd file, open_for_reading(path));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error("stat", path));
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return fail(system_error("read", path));
  }
  return read_all(file, path, limit_bytes);
}

Result<std::string> read_all(const Fd& file, const std::filesystem::path& path,
                             std::uint64_t limit_bytes) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error("stat", path));
  std::string content;
  content.reserve(static_cast<std::size_t>(
      std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size), limit_bytes)));
  std::array<char, std::size_t{64} * 1024> buffer;
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(system_error("read", path));
    if (count == 0) return content;
    if (content.size() + static_cast<std::size_t>(count) > limit_bytes)
      return fail(Error(ErrorKind::integrity, fmt::format("{} is larger than the limit of {} bytes",
                                                          path.string(), limit_bytes)));
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

Result<std::unique_ptr<AtomicFile>> AtomicFile::create(const std::filesystem::path& target) {
  std::error_code code;
  std::filesystem::create_directories(target.parent_path().empty() ? "." : target.parent_path(),
                                      code);
  if (code) {
    errno = code.value();
    return fail(system_error("create the directory of", target));
  }
  std::string name = (target.parent_path() / ".tmp-XXXXXX").string();
  Fd file(::mkostemp(name.data(), O_CLOEXEC));
  if (!file.valid()) return fail(system_error("create a file beside", target));
  // mkstemp makes 0600; results are for everybody the user's umask would allow.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(file.get(), 0666 & ~mask);
  return std::unique_ptr<AtomicFile>(new AtomicFile(std::move(file), name, target));
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<void> AtomicFile::write(std::span<const std::byte> bytes) {
  return write_all(file_.get(), target_, bytes);
}

Result<void> AtomicFile::commit() { return commit(std::filesystem::path(target_)); }

Result<void> AtomicFile::commit(const std::filesystem::path& target) {
  if (::fsync(file_.get()) != 0) return fail(system_error("write", target));
  file_.close();
  if (::rename(temporary_.c_str(), target.c_str()) != 0)
    return fail(system_error("rename a file to", target));
  temporary_.clear();
  return {};
}

Result<void> write_atomically(const std::filesystem::path& target, std::string_view content) {
  TRY_ASSIGN(const auto file, AtomicFile::create(target));
  TRY(file->write(bytes(content)));
  return file->commit();
}

Result<TempDir> TempDir::create(const std::filesystem::path& parent) {
  std::error_code code;
  const auto base = parent.empty() ? std::filesystem::temp_directory_path(code) : parent;
  std::string name = (base / "cogbuild-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return fail(system_error("create a directory in", base));
  return TempDir(name);
}

TempDir::~TempDir() {
  if (path_.empty()) return;
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace cogbuild::io
