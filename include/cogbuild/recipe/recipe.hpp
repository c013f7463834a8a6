#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/file.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cogbuild::recipe {

// The central type: a blob is known by digest and size and described by where its bytes already
// are. Hashing, pushing and exporting stream a recipe; nothing is written to disk to build one.

// Bytes held here: tar headers, padding, gzip framing. Keep them small; bulk goes to the store.
struct Literal {
  std::string bytes{};
  friend bool operator==(const Literal&, const Literal&) = default;
};

// A range of a file outside the store (a weights file, a blob inside an archive). The stamp is what
// the file had when it was hashed; a reader refuses a file with another one.
struct FileRange {
  std::filesystem::path path{};
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  io::FileStamp stamp{};
  friend bool operator==(const FileRange&, const FileRange&) = default;
};

// A whole file as DEFLATE stored blocks of 65,535 bytes (RFC 1951, section 3.2.4), none of them the
// last of its stream: the body of a stored gzip member, without a copy of the file.
inline constexpr std::uint64_t kStoredBlockBytes = 65535;
inline constexpr std::uint64_t kStoredBlockHeaderBytes = 5;
struct StoredFile {
  std::filesystem::path path{};
  std::uint64_t content_bytes = 0;
  io::FileStamp stamp{};
  friend bool operator==(const StoredFile&, const StoredFile&) = default;
};

// A range of a blob in the local store (members of a wheel, solid gzip members).
struct BlobRange {
  digest::Digest blob{};
  std::uint64_t offset = 0;
  std::uint64_t size_bytes = 0;
  friend bool operator==(const BlobRange&, const BlobRange&) = default;
};

// A whole blob that still lies in a registry: `repository` is `host[:port]/name`.
struct RemoteBlob {
  std::string repository{};
  digest::Digest blob{};
  std::uint64_t size_bytes = 0;
  friend bool operator==(const RemoteBlob&, const RemoteBlob&) = default;
};

using Segment = std::variant<Literal, FileRange, StoredFile, BlobRange, RemoteBlob>;

struct Recipe {
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  std::vector<Segment> segments{};
  friend bool operator==(const Recipe&, const Recipe&) = default;
};

std::uint64_t size_bytes(const Segment& segment);

// Appends; adjacent literals and adjoining ranges of one file or blob become one segment, and a
// segment without bytes vanishes.
void append(std::vector<Segment>& segments, Segment segment);

// Lines of ASCII, each ended by LF, about 20 bytes for a range and 150 for the header of a tar
// entry:
//
//   recipe 1 <digest> <size>
//   B <digest>                                           names blob 0, 1, … in order of use
//   F <device> <inode> <size> <mtime> <ctime> <path>     names file 0, 1, … in order of use
//   = <bytes>                                            a literal
//   b <blob number> <offset> <size>
//   f <file number> <offset> <size>
//   r <digest> <size> <repository>                       a remote blob
//
// In bytes, paths and repositories everything but printable ASCII is `%XX`, `%` too, and `%zN.` is
// a run of N zeros. parse(to_string(r)) == r for every recipe whose sizes add up. Error of parse:
// integrity (malformed, sizes do not add up, more than 256 MiB of literals).
std::string to_string(const Recipe& recipe);
Result<Recipe> parse(std::string_view text);

}  // namespace cogbuild::recipe
