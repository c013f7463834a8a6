#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cogbuild::compress {

// RFC 1952. Members may follow each other; every reader must accept that (section 2.2).

// The ten bytes that begin each of our members: deflate, no name, time 0, system 255 (unknown).
std::string_view gzip_member_header();
// CRC-32 and length modulo 2^32, which end a member.
std::string gzip_member_trailer(std::uint32_t crc, std::uint64_t unpacked_bytes);

// Compresses blocks into whole gzip members. Equal blocks give equal bytes with one version of the
// compressor, whatever the machine or thread; `identity` names that version and joins layer keys.
class GzipCompressor {
 public:
  GzipCompressor();
  ~GzipCompressor();
  GzipCompressor(GzipCompressor&&) noexcept;
  GzipCompressor& operator=(GzipCompressor&&) noexcept;
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;

  static std::string identity();
  // One member holding `block`. Requires block.size() < 4 GiB. The result lives until the next
  // call.
  std::span<const std::byte> member(std::span<const std::byte> block);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Stored gzip: one member of deflate blocks that hold the bytes as they are (RFC 1951,
// section 3.2.4). A fixed layout, so that the position of every byte is arithmetic and nothing
// needs to be written.
inline constexpr std::uint64_t kStoredBlockBytes = 65535;
// The five bytes before a stored block of this size; `last` marks the member's end.
std::string stored_block_header(std::uint16_t size_bytes, bool last);

}  // namespace cogbuild::compress
