#pragma once

// The records of a zip archive as they lie in the file (PKWARE APPNOTE 6.3, section 4.3): parsing
// of bytes that were read already, without judgement.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::archive {

inline constexpr std::uint64_t kEndRecordBytes = 22;
inline constexpr std::uint64_t kZip64LocatorBytes = 20;
inline constexpr std::uint64_t kZip64EndRecordBytes = 56;
inline constexpr std::uint64_t kLocalHeaderBytes = 30;
inline constexpr std::uint16_t kEncryptedFlag = 0x0001;
inline constexpr std::uint16_t kSizesFollowFlag = 0x0008;
inline constexpr std::uint16_t kStored = 0;
inline constexpr std::uint16_t kDeflated = 8;

struct EndRecord {
  std::uint64_t entries = 0;
  std::uint64_t directory_bytes = 0;
  std::uint64_t directory_offset = 0;
  std::uint64_t comment_bytes = 0;
  std::uint64_t record_offset = 0;  // of the record that was read, set by the caller
  bool several_disks = false;
  [[nodiscard]] bool needs_zip64() const {
    return entries == 0xffff || directory_bytes == 0xffffffff || directory_offset == 0xffffffff;
  }
};

struct DirectoryRecord {
  std::string name{};
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed_bytes = 0;
  std::uint64_t unpacked_bytes = 0;
  std::uint64_t local_offset = 0;
  bool executable = false;
  bool is_link = false;
};

struct LocalHeader {
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint32_t crc32 = 0;
  std::uint32_t compressed_bytes = 0;
  std::uint32_t unpacked_bytes = 0;
  std::uint16_t name_bytes = 0;
  std::uint16_t extra_bytes = 0;
};

std::optional<EndRecord> parse_end_record(std::string_view bytes);
std::optional<std::uint64_t> parse_zip64_locator(std::string_view bytes);
std::optional<EndRecord> parse_zip64_end_record(std::string_view bytes);
std::optional<LocalHeader> parse_local_header(std::string_view bytes);
// Takes one record off the front of `rest`; nothing when it is broken.
std::optional<DirectoryRecord> take_directory_record(std::string_view& rest);

bool is_utf8(std::string_view text);
// For messages: control and non-ASCII bytes as \xNN.
std::string escaped(std::string_view text);

}  // namespace cogbuild::archive
