#include "zip_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace cogbuild::archive {

namespace {

// The reason why a member's name is refused, if it is. What passes can be joined to a directory
// without leaving it and means the same to every tool.
std::optional<std::string_view> name_fault(std::string_view name) {
  if (name.empty()) return "it is empty";
  if (name.size() > 4096) return "it is too long";
  if (name.front() == '/') return "it is absolute";
  if (name.size() > 1 && name[1] == ':') return "it names a drive";
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\')
      return "it holds a control character or a backslash";
  if (!is_utf8(name)) return "it is not UTF-8";
  for (std::size_t start = 0; start <= name.size();) {
    const std::size_t end = std::min(name.find('/', start), name.size());
    const auto part = name.substr(start, end - start);
    if (part == "..") return "it leaves the archive through `..`";
    if (part == "." || (part.empty() && end != name.size())) return "it has an empty part";
    start = end + 1;
  }
  return std::nullopt;
}

Result<void> check_record(const std::string& archive, const DirectoryRecord& record,
                          const ZipLimits& limits) {
  if (const auto fault = name_fault(record.name))
    return fail(
        Error(ErrorKind::integrity, fmt::format("{} holds a file whose name is refused: {}: `{}`",
                                                archive, *fault, escaped(record.name))));
  if (record.is_link)
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("{} holds a symbolic link, `{}`; wheels cannot", archive, record.name)));
  if ((record.flags & kEncryptedFlag) != 0)
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("`{}` in {} is encrypted", record.name, archive)));
  if (record.method != kStored && record.method != kDeflated)
    return fail(Error(ErrorKind::unsupported, fmt::format("`{}` in {} uses compression method {}",
                                                          record.name, archive, record.method)));
  if (record.method == kStored && record.compressed_bytes != record.unpacked_bytes)
    return fail(
        damaged_zip(archive, fmt::format("the sizes of `{}` contradict each other", record.name)));
  if (record.unpacked_bytes / limits.ratio > record.compressed_bytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("`{}` in {} claims {} bytes from {}: a zip bomb", record.name,
                                  archive, record.unpacked_bytes, record.compressed_bytes)));
  return {};
}

}  // namespace

Error damaged_zip(const std::string& archive, std::string_view what) {
  return {ErrorKind::integrity, fmt::format("{} is a damaged zip archive: {}", archive, what)};
}

// APPNOTE 4.3.16 and 4.3.14.
Result<EndRecord> read_end_record(const ReadRange& read, const std::string& name,
                                  std::uint64_t file_bytes) {
  if (file_bytes < kEndRecordBytes) return fail(damaged_zip(name, "it is too short"));
  // Hardly any archive has a comment: the little tail nearly always does.
  for (const std::uint64_t tail_bytes : {kEndTailBytes, kEndRecordBytes + 65535}) {
    const std::uint64_t tail = std::min(file_bytes, tail_bytes);
    TRY_ASSIGN(const std::string bytes, read(file_bytes - tail, tail));
    for (std::size_t at = bytes.size() - kEndRecordBytes + 1; at-- > 0;) {
      auto end = parse_end_record(std::string_view(bytes).substr(at));
      if (!end) continue;
      const std::uint64_t end_offset = file_bytes - tail + at;
      if (end_offset + kEndRecordBytes + end->comment_bytes != file_bytes) continue;
      if (end->several_disks)
        return fail(Error(ErrorKind::unsupported,
                          fmt::format("{} is a zip archive of several disks", name)));
      end->record_offset = end_offset;
      if (!end->needs_zip64()) return *end;
      if (end_offset < kZip64LocatorBytes) return fail(damaged_zip(name, "no zip64 locator"));
      TRY_ASSIGN(const std::string locator,
                 read(end_offset - kZip64LocatorBytes, kZip64LocatorBytes));
      const auto offset = parse_zip64_locator(locator);
      if (!offset || *offset > end_offset || end_offset - *offset < kZip64EndRecordBytes)
        return fail(damaged_zip(name, "bad zip64 locator"));
      TRY_ASSIGN(const std::string record, read(*offset, kZip64EndRecordBytes));
      auto large = parse_zip64_end_record(record);
      if (!large) return fail(damaged_zip(name, "bad zip64 end record"));
      large->record_offset = *offset;
      return *large;
    }
    if (tail == file_bytes) break;
  }
  return fail(damaged_zip(name, "no end record at its end (truncated, or data behind it)"));
}

Result<void> check_end_record(const std::string& name, const EndRecord& end,
                              const ZipLimits& limits) {
  if (end.directory_offset > end.record_offset ||
      end.record_offset - end.directory_offset != end.directory_bytes)
    return fail(damaged_zip(name, "its directory does not stand before its end record"));
  if (end.entries > limits.members || end.directory_bytes > limits.directory_bytes)
    return fail(damaged_zip(name, fmt::format("{} members are too many", end.entries)));
  return {};
}

Result<void> for_each_record(const std::string& name, std::string_view directory,
                             std::uint64_t entries, const ZipLimits& limits,
                             const std::function<Result<void>(DirectoryRecord)>& take) {
  std::uint64_t unpacked = 0;
  for (std::uint64_t i = 0; i < entries; ++i) {
    auto record = take_directory_record(directory);
    if (!record) return fail(damaged_zip(name, fmt::format("directory record {} is broken", i)));
    TRY(check_record(name, *record, limits));
    unpacked += record->unpacked_bytes;
    if (unpacked > limits.unpacked_bytes)
      return fail(Error(ErrorKind::integrity, fmt::format("{} claims more than {} bytes unpacked",
                                                          name, limits.unpacked_bytes)));
    TRY(take(*std::move(record)));
  }
  if (!directory.empty()) return fail(damaged_zip(name, "its directory holds more than it says"));
  return {};
}

Result<std::uint64_t> check_local_header(const std::string& name, const DirectoryRecord& record,
                                         std::string_view bytes) {
  const auto local = parse_local_header(bytes);
  if (!local) return fail(damaged_zip(name, fmt::format("`{}` has no local header", record.name)));
  const bool sizes_follow = (local->flags & kSizesFollowFlag) != 0;
  const bool agrees = local->name_bytes == record.name.size() &&
                      bytes.substr(kLocalHeaderBytes, record.name.size()) == record.name &&
                      local->method == record.method &&
                      (sizes_follow || local->crc32 == record.crc32) &&
                      (sizes_follow || local->compressed_bytes == 0xffffffffU ||
                       (local->compressed_bytes == record.compressed_bytes &&
                        local->unpacked_bytes == record.unpacked_bytes));
  if (!agrees)
    return fail(damaged_zip(
        name, fmt::format("the local header of `{}` differs from the directory", record.name)));
  return record.local_offset + kLocalHeaderBytes + local->name_bytes + local->extra_bytes;
}

}  // namespace cogbuild::archive
