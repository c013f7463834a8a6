#pragma once

#include <cstdint>
#include <string>

namespace cogbuild::archive {

enum class TarType : char { file = '0', hardlink = '1', symlink = '2', directory = '5' };

// One entry of a layer tar, before its content.
struct TarHeader {
  std::string
      path{};  // relative, `/`-separated, no leading `./`; directories get their `/` when written
  TarType type = TarType::file;
  std::uint32_t mode = 0644;
  std::uint64_t uid = 0;
  std::uint64_t gid = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_seconds = 0;
  std::string link_target{};  // of hardlinks and symlinks
  std::string capability{};   // of files: value of `security.capability`, binary; empty: none
};

// The header blocks: POSIX ustar, preceded by a PAX `x` record only where ustar cannot say it (path
// over 100 bytes that does not split, link over 100, size over 8 GiB - 1, ids over 2097151; a
// capability). A function of its argument alone: no locale, no clock. libarchive's writer is not
// used because its bytes depend on the locale and it cannot leave the content to somebody else.
std::string tar_header(const TarHeader& header);

// Zero bytes that fill the content's last 512-byte block.
std::string tar_padding(std::uint64_t content_bytes);

// The two zero blocks that end an archive.
inline constexpr std::uint64_t kTarEndBytes = 1024;
std::string tar_end();

}  // namespace cogbuild::archive
