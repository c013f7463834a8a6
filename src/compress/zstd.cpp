#include <cogbuild/compress/zstd.hpp>

#include <fmt/format.h>
#include <zstd.h>

#include <cstdlib>
#include <vector>

namespace cogbuild::compress {

struct ZstdCompressor::State {
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> handle{ZSTD_createCCtx()};
  std::vector<std::byte> buffer{};
};

ZstdCompressor::ZstdCompressor(int level) : state_(std::make_unique<State>()) {
  if (!state_->handle) std::abort();  // out of memory
  ZSTD_CCtx_setParameter(state_->handle.get(), ZSTD_c_compressionLevel, level);
}
ZstdCompressor::~ZstdCompressor() = default;
ZstdCompressor::ZstdCompressor(ZstdCompressor&&) noexcept = default;
ZstdCompressor& ZstdCompressor::operator=(ZstdCompressor&&) noexcept = default;

std::string ZstdCompressor::identity(int level) {
  return fmt::format("zstd-{}-level{}", ZSTD_versionString(), level);
}

std::span<const std::byte> ZstdCompressor::frame(std::span<const std::byte> block) {
  std::vector<std::byte>& buffer = state_->buffer;
  const std::size_t bound = ZSTD_compressBound(block.size());
  if (buffer.size() < bound) buffer.resize(bound);
  const std::size_t packed = ZSTD_compress2(state_->handle.get(), buffer.data(), buffer.size(),
                                            block.data(), block.size());
  if (ZSTD_isError(packed) != 0) std::abort();  // the buffer has the documented bound: cannot fail
  return std::span(buffer).first(packed);
}

}  // namespace cogbuild::compress
