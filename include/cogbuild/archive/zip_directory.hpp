#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/file.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cogbuild::archive {

// A file member of a zip archive (APPNOTE 4.3.7, 4.3.12): where its bytes lie and what they become.
struct ZipMember {
  std::string name{};  // checked: relative, no `.`/`..` parts, valid UTF-8, no control characters
  bool deflated = false;  // otherwise stored
  bool executable = false;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t data_offset = 0;  // of the first compressed byte, in the archive

  friend bool operator==(const ZipMember&, const ZipMember&) = default;
};

struct ZipLimits {
  std::uint64_t members = 1'000'000;
  std::uint64_t directory_bytes = std::uint64_t{1} << 30U;
  std::uint64_t unpacked_bytes = std::uint64_t{64} << 30U;  // in all
  // DEFLATE cannot pack better than about 1032:1; more is a lie in the directory.
  std::uint64_t ratio = 1100;
};

// The central directory of an archive whose members can be trusted to mean one thing: names
// checked, no duplicates, no links or encryption, local headers that agree, no overlaps, nothing
// behind the end record. Directories are left out.
class ZipDirectory {
 public:
  // `name` is for messages. Errors: io; integrity (damaged or contradictory); unsupported
  // (encryption, several disks, a method other than stored and deflated).
  static Result<ZipDirectory> open(const std::filesystem::path& file, const std::string& name,
                                   const ZipLimits& limits = {});

  [[nodiscard]] const std::vector<ZipMember>& members() const {
    return members_;
  }  // sorted by name
  [[nodiscard]] const ZipMember* find(const std::string& name) const;

  // A member's content, its size and CRC-32 checked (member_reader.hpp streams, and reads many).
  // Error: integrity, also when larger than `limit_bytes`.
  Result<std::string> read(const ZipMember& member, std::uint64_t limit_bytes) const;

  [[nodiscard]] const io::Fd& file() const { return file_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  ZipDirectory(io::Fd file, std::filesystem::path path, std::string name)
      : file_(std::move(file)), path_(std::move(path)), name_(std::move(name)) {}
  io::Fd file_;
  std::filesystem::path path_;
  std::string name_;
  std::uint64_t size_bytes_ = 0;
  std::vector<ZipMember> members_{};
};

}  // namespace cogbuild::archive
