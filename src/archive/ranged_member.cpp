#include "zip_layout.hpp"

#include <cogbuild/archive/ranged_member.hpp>
#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/compress/inflate_whole.hpp>
#include <cogbuild/io/bytes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>

namespace cogbuild::archive {

namespace {

// One member is wanted: a directory larger than this costs more than it saves.
constexpr std::uint64_t kMaxDirectoryBytes = std::uint64_t{64} << 20U;
// Local extra fields (times, zip64) are seldom longer; if they are, it costs one more range.
constexpr std::uint64_t kExtraBytes = 128;

Result<DirectoryRecord> find_record(const RangedArchive& archive, const EndRecord& end,
                                    const std::function<bool(std::string_view)>& wanted) {
  TRY_ASSIGN(const std::string directory, archive.read(end.directory_offset, end.directory_bytes));
  std::optional<DirectoryRecord> found;
  TRY(for_each_record(
      archive.name, directory, end.entries, {}, [&](DirectoryRecord record) -> Result<void> {
        if (record.name.ends_with('/') || !wanted(record.name)) return {};
        if (found)
          return fail(
              Error(ErrorKind::integrity,
                    fmt::format("{} holds `{}` and `{}`", archive.name, found->name, record.name)));
        found = std::move(record);
        return {};
      }));
  if (!found)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} does not hold what is looked for", archive.name)));
  return *std::move(found);
}

Result<std::string> read_packed(const RangedArchive& archive, const EndRecord& end,
                                const DirectoryRecord& record) {
  const std::uint64_t header_bytes = kLocalHeaderBytes + record.name.size();
  const auto runs_over = [&] {
    return fail(
        damaged_zip(archive.name, fmt::format("`{}` runs into the directory", record.name)));
  };
  if (record.local_offset > end.directory_offset) return runs_over();
  const std::uint64_t room = end.directory_offset - record.local_offset;
  if (room < header_bytes || room - header_bytes < record.compressed_bytes) return runs_over();
  TRY_ASSIGN(std::string bytes,
             archive.read(record.local_offset,
                          std::min(room, header_bytes + kExtraBytes + record.compressed_bytes)));
  TRY_ASSIGN(const std::uint64_t data, check_local_header(archive.name, record, bytes));
  if (data > end.directory_offset || end.directory_offset - data < record.compressed_bytes)
    return runs_over();
  const std::uint64_t skipped = data - record.local_offset;
  const std::uint64_t wanted = skipped + record.compressed_bytes;
  if (wanted > bytes.size()) {
    TRY_ASSIGN(const std::string rest,
               archive.read(record.local_offset + bytes.size(), wanted - bytes.size()));
    bytes += rest;
  }
  return bytes.substr(static_cast<std::size_t>(skipped),
                      static_cast<std::size_t>(record.compressed_bytes));
}

}  // namespace

Result<std::string> read_ranged_member(const RangedArchive& archive,
                                       const std::function<bool(std::string_view)>& wanted,
                                       std::uint64_t limit_bytes) {
  TRY_ASSIGN(const EndRecord end, read_end_record(archive.read, archive.name, archive.size_bytes));
  TRY(check_end_record(archive.name, end, {.directory_bytes = kMaxDirectoryBytes}));
  TRY_ASSIGN(const DirectoryRecord record, find_record(archive, end, wanted));
  if (record.unpacked_bytes > limit_bytes || record.compressed_bytes > limit_bytes)
    return fail(Error(ErrorKind::integrity, fmt::format("`{}` in {} is larger than the limit of {} "
                                                        "bytes",
                                                        record.name, archive.name, limit_bytes)));
  TRY_ASSIGN(std::string packed, read_packed(archive, end, record));
  std::string content;
  if (record.method == kStored) {
    content = std::move(packed);
  } else {
    content.resize(static_cast<std::size_t>(record.unpacked_bytes));
    compress::WholeInflater inflater;
    if (const auto done = inflater.inflate(
            io::bytes(packed), std::as_writable_bytes(std::span(content.data(), content.size())));
        !done)
      return fail(Error(ErrorKind::integrity, fmt::format("`{}` in {} is damaged: {}", record.name,
                                                          archive.name, done.error().message())));
  }
  if (compress::crc32(0, io::bytes(content)) != record.crc32)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("`{}` in {} does not have the size and CRC-32 of the directory",
                                  record.name, archive.name)));
  return content;
}

}  // namespace cogbuild::archive
