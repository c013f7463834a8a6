#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

namespace cogbuild::io {

// An owned file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }

  [[nodiscard]] int get() const { return fd_; }
  [[nodiscard]] bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void close();

 private:
  int fd_ = -1;
};

// What identifies a file's content without reading it. Two equal stamps of one path, the first
// taken at least one clock tick after the file's last change, mean equal content.
struct FileStamp {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// The error for a failed system call: `cannot <action> <path>: <reason of errno>`, kind io
// (not_found for ENOENT). Reads errno; call it first.
Error system_error(const std::string& action, const std::filesystem::path& path);

Result<Fd> open_for_reading(const std::filesystem::path& path);
Result<FileStamp> stamp(const Fd& file, const std::filesystem::path& path);
Result<FileStamp> stamp(const std::filesystem::path& path);

// Reads [offset, offset + size) of a file. Error: integrity, when the file ends early.
class FileSource final : public ByteSource {
 public:
  static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path,
                                                  std::uint64_t offset, std::uint64_t size_bytes);
  // As above on a file that is open already; `path` is for messages.
  FileSource(Fd file, std::filesystem::path path, std::uint64_t offset, std::uint64_t size_bytes)
      : file_(std::move(file)), path_(std::move(path)), offset_(offset), remaining_(size_bytes) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override;
  [[nodiscard]] const Fd& file() const { return file_; }

 private:
  Fd file_;
  std::filesystem::path path_;
  std::uint64_t offset_;
  std::uint64_t remaining_;
};

// Reads exactly buffer.size() bytes at `offset`. Error: integrity, when the file ends early.
Result<void> read_at(const Fd& file, const std::filesystem::path& path, std::uint64_t offset,
                     std::span<std::byte> buffer);

// Writes to an open descriptor.
class FdSink final : public ByteSink {
 public:
  FdSink(Fd file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> write(std::span<const std::byte> bytes) override;
  [[nodiscard]] Fd& file() { return file_; }

 private:
  Fd file_;
  std::filesystem::path path_;
};

// The whole file as text. Error: not_found, io, or integrity when larger than `limit_bytes`.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::uint64_t limit_bytes = std::uint64_t{64} * 1024 * 1024);
// The same of a file that is open; `path` is for messages.
Result<std::string> read_all(const Fd& file, const std::filesystem::path& path,
                             std::uint64_t limit_bytes);

// A file that appears whole or not at all: written beside its target under a temporary name, then
// fsync and rename. Destroyed without `commit`, it leaves nothing.
class AtomicFile final : public ByteSink {
 public:
  static Result<std::unique_ptr<AtomicFile>> create(const std::filesystem::path& target);
  ~AtomicFile() override;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  Result<void> write(std::span<const std::byte> bytes) override;
  // Renames to the target given at creation, or to `target` in the same file system.
  Result<void> commit();
  Result<void> commit(const std::filesystem::path& target);

 private:
  AtomicFile(Fd file, std::filesystem::path temporary, std::filesystem::path target)
      : file_(std::move(file)), temporary_(std::move(temporary)), target_(std::move(target)) {}
  Fd file_;
  std::filesystem::path temporary_;
  std::filesystem::path target_;
};

Result<void> write_atomically(const std::filesystem::path& target, std::string_view content);

// A fresh directory below the system's temporary directory (or `parent`), removed with all its
// content.
class TempDir {
 public:
  static Result<TempDir> create(const std::filesystem::path& parent = {});
  TempDir(TempDir&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TempDir& operator=(TempDir&&) = delete;
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir();
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempDir(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace cogbuild::io
