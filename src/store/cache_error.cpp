#include "cache_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace cogbuild::store {

Error cannot_write(const std::filesystem::path& place, const std::string& reason, int code) {
  Error error(ErrorKind::io,
              fmt::format("cannot write to the cache {}: {}", place.string(), reason));
  if (code == ENOSPC || code == EDQUOT || code == EFBIG)
    return std::move(error).hint(
        "free some disk space, or set COGBUILD_CACHE_DIR to a directory with more of it");
  return std::move(error).hint("set COGBUILD_CACHE_DIR to a directory that can be written");
}

Error cannot_write(const std::filesystem::path& place) {
  const int code = errno;
  return cannot_write(place, std::generic_category().message(code), code);
}

}  // namespace cogbuild::store
