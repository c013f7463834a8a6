#include "zip_layout.hpp"

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
        return fail(damaged_zip(name, "a member lies past its end"));
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

}  // namespace

Result<ZipDirectory> ZipDirectory::open(const std::filesystem::path& file, const std::string& name,
                                        const ZipLimits& limits) {
  TRY_ASSIGN(io::Fd fd, io::open_for_reading(file));
  TRY_ASSIGN(const io::FileStamp stamp, io::stamp(fd, file));
  ZipDirectory zip(std::move(fd), file, name);
  zip.size_bytes_ = stamp.size_bytes;
  Reader reader{zip.file_, zip.path_, zip.name_, stamp.size_bytes};
  TRY_ASSIGN(const EndRecord end,
             read_end_record([&](std::uint64_t offset,
                                 std::uint64_t size) { return reader.bytes(offset, size); },
                             name, stamp.size_bytes));
  TRY(check_end_record(name, end, limits));

  TRY_ASSIGN(const std::string directory, reader.bytes(end.directory_offset, end.directory_bytes));
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;  // local header to end of data
  const auto take = [&](DirectoryRecord record) -> Result<void> {
    TRY_ASSIGN(const auto header,
               reader.header(record.local_offset, kLocalHeaderBytes + record.name.size()));
    TRY_ASSIGN(const std::uint64_t data, check_local_header(name, record, header));
    if (data > end.directory_offset || end.directory_offset - data < record.compressed_bytes)
      return fail(damaged_zip(name, fmt::format("`{}` runs into the directory", record.name)));
    extents.emplace_back(record.local_offset, data + record.compressed_bytes);
    if (record.name.ends_with('/')) return {};
    zip.members_.push_back({.name = std::move(record.name),
                            .deflated = record.method == kDeflated,
                            .executable = record.executable,
                            .crc32 = record.crc32,
                            .compressed_bytes = record.compressed_bytes,
                            .unpacked_bytes = record.unpacked_bytes,
                            .data_offset = data});
    return {};
  };
  TRY(for_each_record(name, directory, end.entries, limits, take));

  std::ranges::sort(extents);
  for (std::size_t i = 1; i < extents.size(); ++i)
    if (extents[i].first < extents[i - 1].second)
      return fail(damaged_zip(name, "two members share bytes"));

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
