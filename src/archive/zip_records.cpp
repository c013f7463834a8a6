#include "zip_records.hpp"

#include <fmt/format.h>

#include <concepts>

namespace cogbuild::archive {

namespace {

template <std::unsigned_integral T>
T little_endian(std::string_view bytes, std::size_t offset) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(
        value |
        static_cast<T>(static_cast<T>(static_cast<unsigned char>(bytes[offset + i])) << (8 * i)));
  return value;
}

bool starts_with(std::string_view bytes, std::string_view signature, std::uint64_t size) {
  return bytes.size() >= size && bytes.starts_with(signature);
}

}  // namespace

std::optional<EndRecord> parse_end_record(std::string_view bytes) {
  if (!starts_with(bytes, "PK\5\6", kEndRecordBytes)) return std::nullopt;
  EndRecord end;
  end.entries = little_endian<std::uint16_t>(bytes, 10);
  end.directory_bytes = little_endian<std::uint32_t>(bytes, 12);
  end.directory_offset = little_endian<std::uint32_t>(bytes, 16);
  end.comment_bytes = little_endian<std::uint16_t>(bytes, 20);
  end.several_disks = little_endian<std::uint16_t>(bytes, 4) != 0 ||
                      little_endian<std::uint16_t>(bytes, 6) != 0 ||
                      little_endian<std::uint16_t>(bytes, 8) != end.entries;
  return end;
}

std::optional<std::uint64_t> parse_zip64_locator(std::string_view bytes) {
  if (!starts_with(bytes, "PK\6\7", kZip64LocatorBytes)) return std::nullopt;
  return little_endian<std::uint64_t>(bytes, 8);
}

std::optional<EndRecord> parse_zip64_end_record(std::string_view bytes) {
  if (!starts_with(bytes, "PK\6\6", kZip64EndRecordBytes)) return std::nullopt;
  EndRecord end;
  end.entries = little_endian<std::uint64_t>(bytes, 32);
  end.directory_bytes = little_endian<std::uint64_t>(bytes, 40);
  end.directory_offset = little_endian<std::uint64_t>(bytes, 48);
  return end;
}

std::optional<LocalHeader> parse_local_header(std::string_view bytes) {
  if (!starts_with(bytes, "PK\3\4", kLocalHeaderBytes)) return std::nullopt;
  return LocalHeader{.flags = little_endian<std::uint16_t>(bytes, 6),
                     .method = little_endian<std::uint16_t>(bytes, 8),
                     .crc32 = little_endian<std::uint32_t>(bytes, 14),
                     .compressed_bytes = little_endian<std::uint32_t>(bytes, 18),
                     .unpacked_bytes = little_endian<std::uint32_t>(bytes, 22),
                     .name_bytes = little_endian<std::uint16_t>(bytes, 26),
                     .extra_bytes = little_endian<std::uint16_t>(bytes, 28)};
}

namespace {

// APPNOTE 4.5.3: the zip64 extra field holds, in this order, those values that did not fit.
bool apply_zip64_extra(std::string_view extra, DirectoryRecord& record) {
  constexpr std::uint64_t kOverflow = 0xffffffff;
  if (record.unpacked_bytes != kOverflow && record.compressed_bytes != kOverflow &&
      record.local_offset != kOverflow)
    return true;
  while (extra.size() >= 4) {
    const auto id = little_endian<std::uint16_t>(extra, 0);
    const auto size = little_endian<std::uint16_t>(extra, 2);
    if (extra.size() - 4 < size) return false;
    std::string_view field = extra.substr(4, size);
    extra.remove_prefix(std::size_t{4} + size);
    if (id != 0x0001) continue;
    for (std::uint64_t* value :
         {&record.unpacked_bytes, &record.compressed_bytes, &record.local_offset}) {
      if (*value != kOverflow) continue;
      if (field.size() < 8) return false;
      *value = little_endian<std::uint64_t>(field, 0);
      field.remove_prefix(8);
    }
    return true;
  }
  return false;
}

}  // namespace

std::optional<DirectoryRecord> take_directory_record(std::string_view& rest) {
  constexpr std::size_t kFixedBytes = 46;
  if (!starts_with(rest, "PK\1\2", kFixedBytes)) return std::nullopt;
  const std::size_t name_bytes = little_endian<std::uint16_t>(rest, 28);
  const std::size_t extra_bytes = little_endian<std::uint16_t>(rest, 30);
  const std::size_t comment_bytes = little_endian<std::uint16_t>(rest, 32);
  if (rest.size() - kFixedBytes < name_bytes + extra_bytes + comment_bytes) return std::nullopt;
  DirectoryRecord record;
  record.flags = little_endian<std::uint16_t>(rest, 8);
  record.method = little_endian<std::uint16_t>(rest, 10);
  record.crc32 = little_endian<std::uint32_t>(rest, 16);
  record.compressed_bytes = little_endian<std::uint32_t>(rest, 20);
  record.unpacked_bytes = little_endian<std::uint32_t>(rest, 24);
  record.local_offset = little_endian<std::uint32_t>(rest, 42);
  const std::uint32_t unix_mode = little_endian<std::uint32_t>(rest, 38) >> 16U;
  record.executable = (unix_mode & 0111U) != 0;
  record.is_link = (unix_mode & 0170000U) == 0120000U;
  record.name = std::string(rest.substr(kFixedBytes, name_bytes));
  if (!apply_zip64_extra(rest.substr(kFixedBytes + name_bytes, extra_bytes), record))
    return std::nullopt;
  rest.remove_prefix(kFixedBytes + name_bytes + extra_bytes + comment_bytes);
  return record;
}

bool is_utf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xc2 && lead < 0xe0 ? 2
                               : lead >= 0xe0 && lead < 0xf0 ? 3
                               : lead >= 0xf0 && lead < 0xf5 ? 4
                                                             : 0;
    if (length == 0 || text.size() - i < length) return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80) return false;
    if (length > 2) {
      const auto second = static_cast<unsigned char>(text[i + 1]);
      // Overlong forms, surrogates, and beyond U+10FFFF.
      if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
          (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
        return false;
    }
    i += length;
  }
  return true;
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out;
}

}  // namespace cogbuild::archive
