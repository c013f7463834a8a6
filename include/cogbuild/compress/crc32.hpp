#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace cogbuild::compress {

// CRC-32 as gzip and zip use it (RFC 1952, section 8), continued from `crc`; begin with 0.
std::uint32_t crc32(std::uint32_t crc, std::span<const std::byte> bytes);

}  // namespace cogbuild::compress
