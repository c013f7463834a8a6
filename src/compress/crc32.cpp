#include <cogbuild/compress/crc32.hpp>

#include <libdeflate.h>

namespace cogbuild::compress {

std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes) {
  return libdeflate_crc32(crc, bytes.data(), bytes.size());
}

}  // namespace cogbuild::compress
