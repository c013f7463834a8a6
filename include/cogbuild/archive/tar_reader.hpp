#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::archive {

enum class EntryType { file, directory, symlink, hardlink, other };

struct TarEntry {
  std::string path{};  // as checked_path returns it; empty for the root directory itself
  EntryType type = EntryType::file;
  std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_seconds = 0;
  std::uint32_t mtime_nanoseconds = 0;
  std::string link_target{};  // of a symlink verbatim; of a hardlink as checked_path returns it
  std::vector<std::pair<std::string, std::string>> xattrs{};  // sorted by name
  std::uint64_t data_offset = 0;  // where the data begins in the uncompressed tar
};

// What a tar may ask of its reader; beyond it is an integrity error.
struct TarLimits {
  // Uncompressed bytes: at most the larger of `output_bytes` and `expansion` times the input so
  // far.
  std::uint64_t output_bytes = std::uint64_t{1} << 30;
  std::uint64_t expansion = 50;
  std::uint64_t entries = 5'000'000;
};

// The compressions a tar may come in, beside none.
enum class TarFilters {
  layers,           // gzip (any number of members), zstd
  source_archives,  // gzip, bzip2, xz
  deb_members,      // gzip, bzip2, xz, zstd
};

// The longest path of an entry.
inline constexpr std::size_t kMaxPathBytes = 4096;

// The name of a tar entry as a path: relative, without `.` components, doubled or trailing slashes.
// Error: integrity, for an absolute name, a `..` component, NUL or another control character, or
// more than kMaxPathBytes bytes.
Result<std::string> checked_path(std::string_view name);

// Reads a tar in order, raw or compressed. Entries of sparse files can be skipped, not read.
// Errors: integrity (damaged or cut short, hostile names, limits), and whatever the source meets.
class TarReader {
 public:
  // `source` must outlive the reader.
  static Result<TarReader> open(io::ByteSource& source, const TarLimits& limits = {},
                                TarFilters filters = TarFilters::layers);
  // A file on disk, raw only: what is not read is seeked over. Error: unsupported when compressed.
  static Result<TarReader> open_file(const std::filesystem::path& path);

  TarReader(TarReader&&) noexcept;
  TarReader& operator=(TarReader&&) noexcept;
  TarReader(const TarReader&) = delete;
  TarReader& operator=(const TarReader&) = delete;
  ~TarReader();

  // The next entry, nothing after the last. What is left of the current entry's data is skipped; at
  // the end the source is read to its end, so that one that verifies has seen every byte.
  Result<std::optional<TarEntry>> next();
  // Data of the current entry; 0 at its end.
  Result<std::size_t> read(std::span<std::byte> buffer);

 private:
  struct State;
  explicit TarReader(std::unique_ptr<State> state);
  static Result<TarReader> start(std::unique_ptr<State> state, TarFilters filters);
  std::unique_ptr<State> state_;
};

// The data of a reader's current entry as a source; borrows the reader.
class EntrySource final : public io::ByteSource {
 public:
  explicit EntrySource(TarReader& reader) : reader_(reader) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override { return reader_.read(buffer); }

 private:
  TarReader& reader_;
};

}  // namespace cogbuild::archive
