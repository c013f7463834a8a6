#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace cogbuild::io {

Result<std::size_t> MemorySource::read(std::span<std::byte> buffer) {
  const std::size_t count = std::min(buffer.size(), content_.size() - position_);
  if (count > 0) std::memcpy(buffer.data(), content_.data() + position_, count);
  position_ += count;
  return count;
}

Result<std::size_t> ExactSource::read(std::span<std::byte> buffer) {
  if (remaining_ == 0) return std::size_t{0};
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), remaining_));
  TRY_ASSIGN(const std::size_t count, inner_->read(buffer.first(wanted)));
  if (count == 0 && wanted > 0)
    return fail(
        Error(ErrorKind::integrity, fmt::format("{} ended {} bytes early", what_, remaining_)));
  remaining_ -= count;
  return count;
}

Result<std::string> read_all(ByteSource& source, std::uint64_t limit_bytes) {
  std::string content;
  std::string buffer(kBufferBytes, '\0');
  for (;;) {
    TRY_ASSIGN(const std::size_t count,
               source.read(std::as_writable_bytes(std::span(buffer.data(), buffer.size()))));
    if (count == 0) return content;
    if (content.size() + count > limit_bytes)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("content is larger than the limit of {} bytes", limit_bytes)));
    content.append(buffer, 0, count);
  }
}

Result<std::size_t> read_full(ByteSource& source, std::span<std::byte> buffer) {
  std::size_t total = 0;
  while (total < buffer.size()) {
    TRY_ASSIGN(const std::size_t count, source.read(buffer.subspan(total)));
    if (count == 0) break;
    total += count;
  }
  return total;
}

}  // namespace cogbuild::io
