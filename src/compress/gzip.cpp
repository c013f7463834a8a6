#include <cogbuild/compress/crc32.hpp>
#include <cogbuild/compress/gzip.hpp>

#include <fmt/format.h>
#include <libdeflate.h>

#include <cstdlib>
#include <cstring>
#include <vector>

namespace cogbuild::compress {

namespace {

constexpr int kLevel = 6;
constexpr std::string_view kHeader("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", 10);

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xffU);
}

}  // namespace

std::string_view gzip_member_header() { return kHeader; }

std::string gzip_member_trailer(std::uint32_t crc, std::uint64_t unpacked_bytes) {
  std::string out;
  append_little_endian(out, crc);
  append_little_endian(out, static_cast<std::uint32_t>(unpacked_bytes));
  return out;
}

struct GzipCompressor::State {
  struct Free {
    void operator()(libdeflate_compressor* made) const { libdeflate_free_compressor(made); }
  };
  std::unique_ptr<libdeflate_compressor, Free> handle{libdeflate_alloc_compressor(kLevel)};
  std::vector<std::byte> buffer{};
};

GzipCompressor::GzipCompressor() : state_(std::make_unique<State>()) {
  if (!state_->handle) std::abort();  // out of memory
}
GzipCompressor::~GzipCompressor() = default;
GzipCompressor::GzipCompressor(GzipCompressor&&) noexcept = default;
GzipCompressor& GzipCompressor::operator=(GzipCompressor&&) noexcept = default;

std::string GzipCompressor::identity() {
  return fmt::format("libdeflate-{}-level{}", LIBDEFLATE_VERSION_STRING, kLevel);
}

std::span<const std::byte> GzipCompressor::member(std::span<const std::byte> block) {
  const std::size_t bound = libdeflate_deflate_compress_bound(state_->handle.get(), block.size());
  constexpr std::size_t kTrailerBytes = 8;
  std::vector<std::byte>& buffer = state_->buffer;
  if (buffer.size() < kHeader.size() + bound + kTrailerBytes)
    buffer.resize(kHeader.size() + bound + kTrailerBytes);
  std::memcpy(buffer.data(), kHeader.data(), kHeader.size());
  const std::size_t packed = libdeflate_deflate_compress(
      state_->handle.get(), block.data(), block.size(), buffer.data() + kHeader.size(), bound);
  const std::string trailer = gzip_member_trailer(crc32(0, block), block.size());
  std::memcpy(buffer.data() + kHeader.size() + packed, trailer.data(), trailer.size());
  return std::span(buffer).first(kHeader.size() + packed + trailer.size());
}

std::string stored_block_header(std::uint16_t size_bytes, bool last) {
  const auto inverse = static_cast<std::uint16_t>(~size_bytes);
  return {static_cast<char>(last ? 1 : 0), static_cast<char>(size_bytes & 0xffU),
          static_cast<char>(size_bytes >> 8U), static_cast<char>(inverse & 0xffU),
          static_cast<char>(inverse >> 8U)};
}

}  // namespace cogbuild::compress
