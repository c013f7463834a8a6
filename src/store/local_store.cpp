#include "cache_error.hpp"

#include <cogbuild/io/file.hpp>
#include <cogbuild/store/local_store.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cogbuild::store {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kCacheTag =
    "Signature: 8a477f597d28d172789f06886806bc55\n"
    "# This directory is a cache of cogbuild; it can be removed at any time.\n";

// What writers left behind that were killed: a running writer has its file locked.
void remove_leftovers(const fs::path& directory) {
  std::error_code code;
  for (fs::directory_iterator entry(directory, code); !code && entry != fs::directory_iterator();
       entry.increment(code)) {
    const io::Fd file(
        ::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    struct stat status {};
    if (!file.valid() || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry->path().c_str());
  }
}

Result<void> make_root(const fs::path& root) {
  std::error_code code;
  if (!fs::create_directories(root, code)) {
    if (code) return fail(cannot_write(root, code.message(), code.value()));
    return {};
  }
  const auto tagged = io::write_atomically(root / "CACHEDIR.TAG", kCacheTag);
  if (!tagged) return fail(cannot_write(root));
  return {};
}

}  // namespace

Result<LocalStore> LocalStore::open(const fs::path& cache_root,
                                    std::shared_ptr<const clock::Clock> clock) {
  TRY(make_root(cache_root));
  TRY_ASSIGN(auto keys, SqliteKeyIndex::open(cache_root / "index.sqlite", clock));
  remove_leftovers(cache_root / "tmp");
  return LocalStore{.blobs = std::make_unique<DiskBlobStore>(cache_root), .keys = std::move(keys)};
}

}  // namespace cogbuild::store
