#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace cogbuild::io {

// Text seen as bytes and bytes seen as text, without copying; both borrow.
inline std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view text(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// The size of the buffers that bulk data moves in.
inline constexpr std::size_t kBufferBytes = std::size_t{256} * 1024;

}  // namespace cogbuild::io
