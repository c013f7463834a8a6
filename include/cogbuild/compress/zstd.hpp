#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace cogbuild::compress {

// Compresses blocks into whole zstd frames (RFC 8878); frames may follow each other.
// Single-threaded on purpose: with it, equal blocks give equal bytes on every machine with one
// version of the library.
class ZstdCompressor {
 public:
  explicit ZstdCompressor(int level);
  ~ZstdCompressor();
  ZstdCompressor(ZstdCompressor&&) noexcept;
  ZstdCompressor& operator=(ZstdCompressor&&) noexcept;
  ZstdCompressor(const ZstdCompressor&) = delete;
  ZstdCompressor& operator=(const ZstdCompressor&) = delete;

  static std::string identity(int level);
  // One frame holding `block`, with its size in the header. The result lives until the next call.
  std::span<const std::byte> frame(std::span<const std::byte> block);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace cogbuild::compress
