#pragma once

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/progress/reporter.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace cogbuild::pull {

// Passes `inner` on, telling the reporter how far it is. `reporter` must outlive it.
class ProgressSource final : public io::ByteSource {
 public:
  ProgressSource(std::unique_ptr<io::ByteSource> inner, progress::Reporter& reporter,
                 std::string id)
      : inner_(std::move(inner)), reporter_(reporter), id_(std::move(id)) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override;

 private:
  std::unique_ptr<io::ByteSource> inner_;
  progress::Reporter& reporter_;
  std::string id_;
  std::uint64_t done_bytes_ = 0;
};

// Passes an uncompressed layer on and learns its diff_id. Error: integrity, beyond `limit_bytes`.
class DiffIdSource final : public io::ByteSource {
 public:
  DiffIdSource(io::ByteSource& inner, std::uint64_t limit_bytes)
      : inner_(inner), limit_bytes_(limit_bytes) {}
  Result<std::size_t> read(std::span<std::byte> buffer) override;
  [[nodiscard]] std::uint64_t size_bytes() const { return hasher_.size_bytes(); }
  // Once, when `inner` has ended.
  digest::Digest finish() { return hasher_.finish(); }

 private:
  io::ByteSource& inner_;
  std::uint64_t limit_bytes_;
  digest::Hasher hasher_{};
};

}  // namespace cogbuild::pull
