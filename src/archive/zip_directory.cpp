#include "zip_records.hpp"

#include <cogbuild/archive/member_reader.hpp>
#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/io/bytes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace cogbuild::archive {

namespace {

Error damaged(const std::string& archive, std::string_view what) {
  return {ErrorKind::integrity, fmt::format("{} is a damaged zip archive: {}", archive, what)};
}

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

struct Reader {
  const io::Fd& file;
  const std::filesystem::path& path;
  const std::string& name;
  std::uint64_t file_bytes = 0;
  // Local headers stand in order between the members' data: read ahead, they need few calls.
  std::string ahead{};
  std::uint64_t ahead_offset = 0;

  Result<std::string_view> header(std::uint64_t offset, std::uint64_t size) {
    constexpr std::uint64_t kAheadBytes = std::uint64_t{64} * 1024;
    if (offset < ahead_offset || offset + size > ahead_offset + ahead.size()) {
      if (offset > file_bytes || size > file_bytes - offset)
        return fail(Error(ErrorKind::integrity, fmt::format("{} is a damaged zip archive: a member "
                                                            "lies past its end",
                                                            name)));
      TRY_ASSIGN(ahead, bytes(offset, std::min(std::max(kAheadBytes, size), file_bytes - offset)));
      ahead_offset = offset;
    }
    return std::string_view(ahead).substr(static_cast<std::size_t>(offset - ahead_offset),
                                          static_cast<std::size_t>(size));
  }

  Result<std::string> bytes(std::uint64_t offset, std::uint64_t size) const {
    std::string out(static_cast<std::size_t>(size), '\0');
    TRY(io::read_at(file, path, offset, std::as_writable_bytes(std::span(out.data(), out.size()))));
    return out;
  }
};

// APPNOTE 4.3.16 and 4.3.14: the end records. The archive must end with its end record: anything
// after could be a second archive that other tools would read.
Result<EndRecord> read_end(const Reader& reader, std::uint64_t file_bytes) {
  if (file_bytes < kEndRecordBytes) return fail(damaged(reader.name, "it is too short"));
  const std::uint64_t tail = std::min<std::uint64_t>(file_bytes, kEndRecordBytes + 65535);
  TRY_ASSIGN(const std::string bytes, reader.bytes(file_bytes - tail, tail));
  for (std::size_t at = bytes.size() - kEndRecordBytes + 1; at-- > 0;) {
    auto end = parse_end_record(std::string_view(bytes).substr(at));
    if (!end) continue;
    const std::uint64_t end_offset = file_bytes - tail + at;
    if (end_offset + kEndRecordBytes + end->comment_bytes != file_bytes) continue;
    if (end->several_disks)
      return fail(Error(ErrorKind::unsupported,
                        fmt::format("{} is a zip archive of several disks", reader.name)));
    end->record_offset = end_offset;
    if (!end->needs_zip64()) return *end;
    if (end_offset < kZip64LocatorBytes) return fail(damaged(reader.name, "no zip64 locator"));
    TRY_ASSIGN(const std::string locator,
               reader.bytes(end_offset - kZip64LocatorBytes, kZip64LocatorBytes));
    const auto offset = parse_zip64_locator(locator);
    if (!offset || *offset > end_offset || end_offset - *offset < kZip64EndRecordBytes)
      return fail(damaged(reader.name, "bad zip64 locator"));
    TRY_ASSIGN(const std::string record, reader.bytes(*offset, kZip64EndRecordBytes));
    auto large = parse_zip64_end_record(record);
    if (!large) return fail(damaged(reader.name, "bad zip64 end record"));
    large->record_offset = *offset;
    return *large;
  }
  return fail(damaged(reader.name, "no end record at its end (truncated, or data behind it)"));
}

// The local header must tell the same story as the directory. Returns the offset of the data.
Result<std::uint64_t> check_local_header(Reader& reader, const DirectoryRecord& record) {
  const std::uint64_t size = kLocalHeaderBytes + record.name.size();
  TRY_ASSIGN(const std::string_view bytes, reader.header(record.local_offset, size));
  const auto local = parse_local_header(bytes);
  if (!local)
    return fail(damaged(reader.name, fmt::format("`{}` has no local header", record.name)));
  const bool sizes_follow = (local->flags & kSizesFollowFlag) != 0;
  const bool agrees =
      local->name_bytes == record.name.size() && bytes.substr(kLocalHeaderBytes) == record.name &&
      local->method == record.method && (sizes_follow || local->crc32 == record.crc32) &&
      (sizes_follow || local->compressed_bytes == 0xffffffffU ||
       (local->compressed_bytes == record.compressed_bytes &&
        local->unpacked_bytes == record.unpacked_bytes));
  if (!agrees)
    return fail(
        damaged(reader.name,
                fmt::format("the local header of `{}` differs from the directory", record.name)));
  return record.local_offset + kLocalHeaderBytes + local->name_bytes + local->extra_bytes;
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
        damaged(archive, fmt::format("the sizes of `{}` contradict each other", record.name)));
  if (record.unpacked_bytes / limits.ratio > record.compressed_bytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("`{}` in {} claims {} bytes from {}: a zip bomb", record.name,
                                  archive, record.unpacked_bytes, record.compressed_bytes)));
  return {};
}

}  // namespace

Result<ZipDirectory> ZipDirectory::open(const std::filesystem::path& file, const std::string& name,
                                        const ZipLimits& limits) {
  TRY_ASSIGN(io::Fd fd, io::open_for_reading(file));
  TRY_ASSIGN(const io::FileStamp stamp, io::stamp(fd, file));
  ZipDirectory zip(std::move(fd), file, name);
  zip.size_bytes_ = stamp.size_bytes;
  Reader reader{zip.file_, zip.path_, zip.name_, stamp.size_bytes};
  TRY_ASSIGN(const EndRecord end, read_end(reader, stamp.size_bytes));
  if (end.directory_offset > end.record_offset ||
      end.record_offset - end.directory_offset != end.directory_bytes)
    return fail(damaged(name, "its directory does not stand before its end record"));
  if (end.entries > limits.members || end.directory_bytes > (std::uint64_t{1} << 30U))
    return fail(damaged(name, fmt::format("{} members are too many", end.entries)));

  TRY_ASSIGN(const std::string directory, reader.bytes(end.directory_offset, end.directory_bytes));
  std::string_view rest = directory;
  std::uint64_t unpacked = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;  // local header to end of data
  for (std::uint64_t i = 0; i < end.entries; ++i) {
    const auto record = take_directory_record(rest);
    if (!record) return fail(damaged(name, fmt::format("directory record {} is broken", i)));
    TRY(check_record(name, *record, limits));
    unpacked += record->unpacked_bytes;
    if (unpacked > limits.unpacked_bytes)
      return fail(Error(ErrorKind::integrity, fmt::format("{} claims more than {} bytes unpacked",
                                                          name, limits.unpacked_bytes)));
    TRY_ASSIGN(const std::uint64_t data, check_local_header(reader, *record));
    if (data > end.directory_offset || end.directory_offset - data < record->compressed_bytes)
      return fail(damaged(name, fmt::format("`{}` runs into the directory", record->name)));
    extents.emplace_back(record->local_offset, data + record->compressed_bytes);
    if (record->name.ends_with('/')) continue;
    zip.members_.push_back({.name = record->name,
                            .deflated = record->method == kDeflated,
                            .executable = record->executable,
                            .crc32 = record->crc32,
                            .compressed_bytes = record->compressed_bytes,
                            .unpacked_bytes = record->unpacked_bytes,
                            .data_offset = data});
  }
  if (!rest.empty()) return fail(damaged(name, "its directory holds more than it says"));

  std::ranges::sort(extents);
  for (std::size_t i = 1; i < extents.size(); ++i)
    if (extents[i].first < extents[i - 1].second)
      return fail(damaged(name, "two members share bytes"));

  std::ranges::sort(zip.members_, {}, &ZipMember::name);
  const auto twice = std::ranges::adjacent_find(zip.members_, {}, &ZipMember::name);
  if (twice != zip.members_.end())
    return fail(Error(ErrorKind::integrity, fmt::format("{} holds `{}` twice", name, twice->name)));
  return zip;
}

const ZipMember* ZipDirectory::find(const std::string& name) const {
  const auto found = std::ranges::lower_bound(members_, name, {}, &ZipMember::name);
  return found != members_.end() && found->name == name ? &*found : nullptr;
}

Result<std::string> ZipDirectory::read(const ZipMember& member, std::uint64_t limit_bytes) const {
  if (member.unpacked_bytes > limit_bytes)
    return fail(
        Error(ErrorKind::integrity, fmt::format("`{}` in {} is larger than the limit of {} bytes",
                                                member.name, name_, limit_bytes)));
  io::StringSink sink;
  sink.content.reserve(static_cast<std::size_t>(member.unpacked_bytes));
  TRY(MemberReader(*this, MemberReader::Access::few).extract(member, sink));
  return std::move(sink.content);
}

}  // namespace cogbuild::archive
