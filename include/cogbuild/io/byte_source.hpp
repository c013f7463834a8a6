#pragma once

#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace cogbuild::io {

// Bytes in order. `read` fills at most `buffer.size()` bytes and returns how many; 0 is the end.
// Errors: whatever the source meets; after an error the source must not be read again.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual Result<std::size_t> read(std::span<std::byte> buffer) = 0;
};

// Reads from a string it owns.
class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string content) : content_(std::move(content)) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override;

 private:
  std::string content_;
  std::size_t position_ = 0;
};

// Passes on at most `limit_bytes` bytes of `inner`; fewer is an integrity error that names `what`.
class ExactSource final : public ByteSource {
 public:
  ExactSource(std::unique_ptr<ByteSource> inner, std::uint64_t limit_bytes, std::string what)
      : inner_(std::move(inner)), remaining_(limit_bytes), what_(std::move(what)) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override;

 private:
  std::unique_ptr<ByteSource> inner_;
  std::uint64_t remaining_;
  std::string what_;
};

// Reads `source` to its end. Error: integrity, when it holds more than `limit_bytes`.
Result<std::string> read_all(ByteSource& source, std::uint64_t limit_bytes);

// Reads exactly buffer.size() bytes unless the source ends; returns how many were read.
Result<std::size_t> read_full(ByteSource& source, std::span<std::byte> buffer);

}  // namespace cogbuild::io
