#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/io/byte_sink.hpp>
#include <cogbuild/io/byte_source.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace cogbuild::digest {

// SHA-256 over bytes as they come. `finish` may be called once.
class Hasher final : public io::ByteSink {
 public:
  Hasher();
  ~Hasher() override;
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  Result<void> write(std::span<const std::byte> bytes) override;
  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::uint64_t size_bytes_ = 0;
};

Digest digest_of(std::string_view content);

// Passes `inner` on and fails at its end with ErrorKind::integrity unless it had exactly this
// digest and size. Nothing past `size_bytes` is passed on. `what` names the content in messages.
class VerifyingSource final : public io::ByteSource {
 public:
  VerifyingSource(std::unique_ptr<io::ByteSource> inner, Digest expected, std::uint64_t size_bytes,
                  std::string what);
  Result<std::size_t> read(std::span<std::byte> buffer) override;

 private:
  std::unique_ptr<io::ByteSource> inner_;
  Digest expected_;
  std::uint64_t size_bytes_;
  std::string what_;
  Hasher hasher_{};
  bool checked_ = false;
};

}  // namespace cogbuild::digest
