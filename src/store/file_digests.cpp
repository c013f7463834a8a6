#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/store/file_digests.hpp>

#include <fmt/format.h>

#include <chrono>
#include <fcntl.h>
#include <string>

namespace cogbuild::store {

namespace {

// More than a tick of the clock that file systems take their times from (at most 10 ms on Linux).
constexpr std::chrono::milliseconds kTick{20};

// How long until a change to the file is sure to change its stamp; 0 when it is sure now.
std::chrono::milliseconds until_settled(const io::FileStamp& stamp, clock::Time now) {
  const auto age = now.time_since_epoch() - std::chrono::nanoseconds(stamp.ctime_ns);
  if (age >= kTick) return std::chrono::milliseconds(0);
  return std::chrono::ceil<std::chrono::milliseconds>(kTick - age);
}

Error changed(const std::filesystem::path& path) {
  return Error(ErrorKind::integrity, fmt::format("{} changed while it was read", path.string()))
      .hint("run the build again");
}

// `<device> <inode> <size> <mtime> <ctime> <digest>`; the digest begins behind the last space.
std::string stamp_text(const io::FileStamp& stamp) {
  return fmt::format("{} {} {} {} {} ", stamp.device, stamp.inode, stamp.size_bytes, stamp.mtime_ns,
                     stamp.ctime_ns);
}

std::optional<digest::Digest> digest_in(const std::string& value, const io::FileStamp& stamp) {
  const auto expected = stamp_text(stamp);
  if (!value.starts_with(expected)) return std::nullopt;
  auto parsed = digest::Digest::parse(std::string_view(value).substr(expected.size()));
  if (!parsed) return std::nullopt;
  return *parsed;
}

}  // namespace

Result<digest::Digest> digest_file(const std::filesystem::path& path, const io::FileStamp& stamp,
                                   clock::Clock& clock) {
  TRY_ASSIGN(io::Fd file, io::open_for_reading(path));
  // A file from the future would be waited for in vain: it is hashed, but not remembered.
  const auto wait = until_settled(stamp, clock.now());
  if (wait > std::chrono::milliseconds(0) && wait <= kTick) clock.sleep(wait);
  TRY_ASSIGN(const auto before, io::stamp(file, path));
  if (before != stamp) return fail(changed(path));
  ::posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);

  io::FileSource source(std::move(file), path, 0, stamp.size_bytes);
  digest::Hasher hasher;
  const auto copied = io::copy(source, hasher);
  if (!copied && copied.error().kind() == ErrorKind::integrity) return fail(changed(path));
  TRY(copied);
  TRY_ASSIGN(const auto after, io::stamp(source.file(), path));
  if (after != stamp) return fail(changed(path));
  return hasher.finish();
}

Result<std::optional<digest::Digest>> FileDigests::get(const std::filesystem::path& path,
                                                       const io::FileStamp& stamp) const {
  TRY_ASSIGN(const auto value, keys_.get(Table::file, path.native()));
  if (!value) return std::nullopt;
  return digest_in(*value, stamp);
}

Result<std::vector<std::optional<digest::Digest>>> FileDigests::get_many(
    const std::vector<StampedFile>& files) const {
  std::vector<std::string> paths;
  paths.reserve(files.size());
  for (const auto& file : files) paths.push_back(file.path.native());
  TRY_ASSIGN(const auto values, keys_.get_many(Table::file, paths));
  std::vector<std::optional<digest::Digest>> digests;
  digests.reserve(files.size());
  for (const auto& file : files) {
    const auto value = values.find(file.path.native());
    digests.push_back(value == values.end() ? std::nullopt : digest_in(value->second, file.stamp));
  }
  return digests;
}

Result<void> FileDigests::put(const DigestedFile& file) { return put_many({file}); }

Result<void> FileDigests::put_many(const std::vector<DigestedFile>& files) {
  const auto now = clock_.now();
  std::vector<std::pair<std::string, std::string>> entries;
  for (const auto& file : files)
    if (until_settled(file.stamp, now) == std::chrono::milliseconds(0))
      entries.emplace_back(file.path.native(), stamp_text(file.stamp) + to_string(file.digest));
  if (entries.empty()) return {};
  return keys_.put_all(Table::file, entries);
}

}  // namespace cogbuild::store
