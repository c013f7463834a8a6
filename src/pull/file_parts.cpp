#include "file_parts.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace cogbuild::pull {

namespace {

struct Member {
  archive::EntryType type = archive::EntryType::file;
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  std::string link_target{};
};

struct Members {
  std::filesystem::path archive{};
  io::FileStamp stamp{};
  std::map<std::string, Member> by_name{};
};

// Where a symlink at `name` leads, inside the archive.
Result<std::string> link_destination(const std::string& name, const std::string& target) {
  const auto joined = std::filesystem::path(name).parent_path() / target;
  return archive::checked_path(joined.lexically_normal().string());
}

Result<recipe::FileRange> find_member(const Members& members, const std::string& name) {
  constexpr int kMostLinks = 8;
  TRY_ASSIGN(std::string path, archive::checked_path(name));
  for (int links = 0; links <= kMostLinks; ++links) {
    const auto found = members.by_name.find(path);
    if (found == members.by_name.end())
      return fail(Error(ErrorKind::not_found,
                        fmt::format("{} holds no `{}`", members.archive.string(), path)));
    const Member& member = found->second;
    if (member.type == archive::EntryType::file)
      return recipe::FileRange{.path = members.archive,
                               .offset = member.offset,
                               .size_bytes = member.size_bytes,
                               .stamp = members.stamp};
    if (member.type == archive::EntryType::hardlink) {
      path = member.link_target;
    } else if (member.type == archive::EntryType::symlink) {
      TRY_ASSIGN(path, link_destination(path, member.link_target));
    } else {
      break;
    }
  }
  return fail(Error(ErrorKind::integrity,
                    fmt::format("`{}` in {} is no file", name, members.archive.string())));
}

Result<std::filesystem::path> make_absolute(const std::filesystem::path& path) {
  std::error_code code;
  auto result = std::filesystem::absolute(path, code);
  if (code)
    return fail(Error(ErrorKind::io,
                      fmt::format("cannot make {} absolute: {}", path.string(), code.message())));
  return result;
}

}  // namespace

Locate files_in(const std::filesystem::path& directory) {
  return [directory](const std::string& name) -> Result<recipe::FileRange> {
    TRY_ASSIGN(const auto path, make_absolute(directory / name));
    // Layouts made by build tools may hold links to blobs elsewhere: what counts is what they open.
    TRY_ASSIGN(const io::Fd file, io::open_for_reading(path));
    TRY_ASSIGN(const io::FileStamp stamp, io::stamp(file, path));
    return recipe::FileRange{.path = path, .size_bytes = stamp.size_bytes, .stamp = stamp};
  };
}

Result<Locate> members_of(const std::filesystem::path& archive) {
  auto members = std::make_shared<Members>();
  TRY_ASSIGN(members->archive, make_absolute(archive));
  TRY_ASSIGN(const io::Fd file, io::open_for_reading(members->archive));
  TRY_ASSIGN(members->stamp, io::stamp(file, members->archive));
  TRY_ASSIGN(auto reader, archive::TarReader::open_file(members->archive));
  for (;;) {
    TRY_ASSIGN(auto entry, reader.next());
    if (!entry) break;
    members->by_name.insert_or_assign(std::move(entry->path),
                                      Member{.type = entry->type,
                                             .offset = entry->data_offset,
                                             .size_bytes = entry->size_bytes,
                                             .link_target = std::move(entry->link_target)});
  }
  return Locate([members](const std::string& name) { return find_member(*members, name); });
}

Result<std::string> read_range(const recipe::FileRange& range, std::uint64_t limit_bytes) {
  if (range.size_bytes > limit_bytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} bytes in {}, more than the limit of {}", range.size_bytes,
                                  range.path.string(), limit_bytes)));
  TRY_ASSIGN(const io::Fd file, io::open_for_reading(range.path));
  std::string content(static_cast<std::size_t>(range.size_bytes), '\0');
  TRY(io::read_at(file, range.path, range.offset,
                  std::as_writable_bytes(std::span(content.data(), content.size()))));
  return content;
}

}  // namespace cogbuild::pull
