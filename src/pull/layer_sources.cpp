#include "layer_sources.hpp"

#include <fmt/format.h>

namespace cogbuild::pull {

Result<std::size_t> ProgressSource::read(std::span<std::byte> buffer) {
  TRY_ASSIGN(const std::size_t count, inner_->read(buffer));
  done_bytes_ += count;
  if (count > 0) reporter_.advanced(id_, done_bytes_);
  return count;
}

Result<std::size_t> DiffIdSource::read(std::span<std::byte> buffer) {
  TRY_ASSIGN(const std::size_t count, inner_.read(buffer));
  hasher_.update(buffer.first(count));
  if (hasher_.size_bytes() > limit_bytes_)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("the layer unpacks to more than {} bytes", limit_bytes_)));
  return count;
}

}  // namespace cogbuild::pull
