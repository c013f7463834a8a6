#pragma once

#include <cogbuild/error/result.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

namespace cogbuild::digest {

// A SHA-256 digest; image-spec descriptor.md, "Digests". Printed `sha256:<64 lowercase hex>`.
// Compressed bytes have a digest, an uncompressed layer tar has a diff_id: both are this type.
class Digest {
 public:
  static constexpr std::size_t kBytes = 32;

  Digest() = default;
  explicit Digest(const std::array<std::byte, kBytes>& bytes) : bytes_(bytes) {}

  // Accepts `sha256:<hex>`; any other algorithm is ErrorKind::unsupported, bad hex
  // ErrorKind::config.
  static Result<Digest> parse(std::string_view text);
  // Accepts 64 hex digits alone, either case.
  static Result<Digest> parse_hex(std::string_view hex);

  [[nodiscard]] std::string hex() const;
  [[nodiscard]] const std::array<std::byte, kBytes>& raw() const { return bytes_; }

  friend auto operator<=>(const Digest&, const Digest&) = default;
  friend bool operator==(const Digest&, const Digest&) = default;

 private:
  std::array<std::byte, kBytes> bytes_{};
};

std::string to_string(const Digest& digest);

}  // namespace cogbuild::digest
