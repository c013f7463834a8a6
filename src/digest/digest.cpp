#include <cogbuild/digest/digest.hpp>

#include <fmt/format.h>

namespace cogbuild::digest {

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Digest> Digest::parse_hex(std::string_view hex) {
  std::array<std::byte, kBytes> bytes{};
  if (hex.size() != 2 * kBytes)
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not 64 hex digits", hex)));
  for (std::size_t i = 0; i < kBytes; ++i) {
    const int high = hex_value(hex[2 * i]);
    const int low = hex_value(hex[2 * i + 1]);
    if (high < 0 || low < 0)
      return fail(Error(ErrorKind::config, fmt::format("`{}` is not 64 hex digits", hex)));
    bytes[i] = static_cast<std::byte>(high * 16 + low);
  }
  return Digest(bytes);
}

Result<Digest> Digest::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos)
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not a digest", text))
                    .hint("a digest looks like sha256:<64 hex digits>"));
  if (text.substr(0, colon) != "sha256")
    return fail(Error(ErrorKind::unsupported, fmt::format("digest algorithm `{}` is not supported",
                                                          text.substr(0, colon))));
  return parse_hex(text.substr(colon + 1));
}

std::string Digest::hex() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  out.reserve(2 * kBytes);
  for (const std::byte b : bytes_) {
    out += kDigits[static_cast<unsigned>(b) >> 4U];
    out += kDigits[static_cast<unsigned>(b) & 15U];
  }
  return out;
}

std::string to_string(const Digest& digest) { return "sha256:" + digest.hex(); }

}  // namespace cogbuild::digest
