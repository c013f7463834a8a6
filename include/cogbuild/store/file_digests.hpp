#pragma once

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/store/key_index.hpp>

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace cogbuild::store {

// The digest of the whole file, which must have `stamp` before and after it is read. When the file
// changed less than a clock tick ago it waits first: a change within the same tick would leave the
// stamp as it is. Error: integrity (the stamp is another one), not_found, io.
Result<digest::Digest> digest_file(const std::filesystem::path& path, const io::FileStamp& stamp,
                                   clock::Clock& clock);

// A file as it was met. Paths are absolute: they are the keys.
struct StampedFile {
  std::filesystem::path path{};
  io::FileStamp stamp{};
};

struct DigestedFile {
  std::filesystem::path path{};
  io::FileStamp stamp{};
  digest::Digest digest{};
};

// The stat cache: digests of whole files, trusted while the stamp is the same. Both arguments must
// outlive it.
class FileDigests {
 public:
  FileDigests(KeyIndex& keys, const clock::Clock& clock) : keys_(keys), clock_(clock) {}

  [[nodiscard]] Result<std::optional<digest::Digest>> get(const std::filesystem::path& path,
                                                          const io::FileStamp& stamp) const;
  // One answer per file, in order; one transaction.
  [[nodiscard]] Result<std::vector<std::optional<digest::Digest>>> get_many(
      const std::vector<StampedFile>& files) const;
  // Digests must come from `digest_file` with that stamp. A stamp that is not yet a clock tick old,
  // or lies in the future, is not kept.
  Result<void> put(const DigestedFile& file);
  // As above, in one transaction.
  Result<void> put_many(const std::vector<DigestedFile>& files);

 private:
  KeyIndex& keys_;
  const clock::Clock& clock_;
};

}  // namespace cogbuild::store
