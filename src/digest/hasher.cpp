#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace cogbuild::digest {

struct Hasher::Context {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> handle{EVP_MD_CTX_new()};
};

Hasher::Hasher() : context_(std::make_unique<Context>()) {
  // Fetched once: a lookup by name for each of thousands of small blobs would cost more than they
  // do.
  static const EVP_MD* const kSha256 = EVP_MD_fetch(nullptr, "SHA2-256", nullptr);
  if (!context_->handle || EVP_DigestInit_ex(context_->handle.get(), kSha256, nullptr) != 1)
    std::abort();  // no memory, or OpenSSL without SHA-256: nothing sensible can follow
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::update(std::span<const std::byte> bytes) {
  EVP_DigestUpdate(context_->handle.get(), bytes.data(), bytes.size());
  size_bytes_ += bytes.size();
}

void Hasher::update(std::string_view text) { update(io::bytes(text)); }

Result<void> Hasher::write(std::span<const std::byte> bytes) {
  update(bytes);
  return {};
}

Digest Hasher::finish() {
  std::array<std::byte, Digest::kBytes> out{};
  EVP_DigestFinal_ex(context_->handle.get(), reinterpret_cast<unsigned char*>(out.data()), nullptr);
  return Digest(out);
}

Digest digest_of(std::string_view content) {
  Hasher hasher;
  hasher.update(content);
  return hasher.finish();
}

VerifyingSource::VerifyingSource(std::unique_ptr<io::ByteSource> inner, Digest expected,
                                 std::uint64_t size_bytes, std::string what)
    : inner_(std::move(inner)),
      expected_(expected),
      size_bytes_(size_bytes),
      what_(std::move(what)) {}

Result<std::size_t> VerifyingSource::read(std::span<std::byte> buffer) {
  if (checked_ || buffer.empty()) return std::size_t{0};
  const std::uint64_t remaining = size_bytes_ - hasher_.size_bytes();
  if (remaining > 0) {
    const auto window =
        buffer.first(static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), remaining)));
    TRY_ASSIGN(const std::size_t count, inner_->read(window));
    if (count == 0)
      return fail(Error(ErrorKind::integrity, fmt::format("{} has {} bytes, expected {}", what_,
                                                          hasher_.size_bytes(), size_bytes_)));
    hasher_.update(window.first(count));
    // The last bytes are held back by nobody: the check follows in the same call, before they
    // count.
    if (hasher_.size_bytes() < size_bytes_) return count;
    std::array<std::byte, 1> more{};
    TRY_ASSIGN(const std::size_t extra, inner_->read(more));
    if (extra != 0)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("{} has more than {} bytes", what_, size_bytes_)));
    const Digest actual = hasher_.finish();
    checked_ = true;
    if (actual != expected_)
      return fail(
          Error(ErrorKind::integrity, fmt::format("{} has digest {}, expected {}", what_,
                                                  to_string(actual), to_string(expected_))));
    return count;
  }
  checked_ = true;
  const Digest actual = hasher_.finish();
  if (actual != expected_)
    return fail(Error(ErrorKind::integrity, fmt::format("{} has digest {}, expected {}", what_,
                                                        to_string(actual), to_string(expected_))));
  return std::size_t{0};
}

}  // namespace cogbuild::digest
