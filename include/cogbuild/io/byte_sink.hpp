#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/io/bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cogbuild::io {

// Takes bytes in order, all or an error.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Result<void> write(std::span<const std::byte> bytes) = 0;
};

class StringSink final : public ByteSink {
 public:
  Result<void> write(std::span<const std::byte> bytes) override;
  std::string content{};
};

// Discards what it takes, counting it.
class CountingSink final : public ByteSink {
 public:
  Result<void> write(std::span<const std::byte> bytes) override;
  std::uint64_t count_bytes = 0;
};

// Moves everything from `source` to `sink`; returns the number of bytes.
Result<std::uint64_t> copy(ByteSource& source, ByteSink& sink);

}  // namespace cogbuild::io
