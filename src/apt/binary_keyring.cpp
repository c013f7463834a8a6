#include <cogbuild/apt/binary_keyring.hpp>
#include <cogbuild/http/base64.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace cogbuild::apt {

namespace {

constexpr std::string_view kBegin = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
constexpr std::string_view kEnd = "-----END PGP PUBLIC KEY BLOCK-----";

Error damaged(std::string_view why) {
  return {ErrorKind::integrity, fmt::format("the keyring is damaged: {}", why)};
}

// RFC 9580, section 6.1.
std::uint32_t crc24(std::string_view bytes) {
  std::uint32_t crc = 0xB704CE;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(byte)) << 16U;
    for (int bit = 0; bit < 8; ++bit) {
      crc <<= 1U;
      if ((crc & 0x1000000U) != 0) crc ^= 0x1864CFBU;
    }
  }
  return crc & 0xFFFFFFU;
}

// Taken off `text`, without white space at its end.
std::string_view next_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

// A packet's first byte has its highest bit set (RFC 9580, section 4.2); GnuPG's own keybox says
// what it is.
bool is_binary(std::string_view file) {
  return (static_cast<unsigned char>(file.front()) & 0x80U) != 0 ||
         (file.size() > 12 && file.substr(8, 4) == "KBXf");
}

// What follows a block's first line, which is taken off up to and with the last one.
Result<std::string> decode_block(std::string_view& text) {
  while (!text.empty()) {
    const auto line = next_line(text);
    if (line.empty()) break;
    if (line.find(": ") == std::string_view::npos)
      return fail(damaged("an armoured key has a header that is none"));
  }
  std::string digits;
  std::string_view checksum;
  while (true) {
    if (text.empty()) return fail(damaged("an armoured key ends early"));
    const auto line = next_line(text);
    if (line == kEnd) break;
    if (!checksum.empty()) return fail(damaged("something follows the checksum of a key"));
    if (line.starts_with('='))
      checksum = line.substr(1);
    else
      digits += line;
  }
  auto bytes = http::base64_decode(digits);
  if (!bytes) return fail(damaged("an armoured key is not in base64"));
  if (bytes->empty()) return fail(damaged("an armoured key is empty"));
  if (!checksum.empty()) {
    const auto crc = crc24(*bytes);
    const std::string expected = {static_cast<char>(crc >> 16U), static_cast<char>(crc >> 8U),
                                  static_cast<char>(crc)};
    if (http::base64_decode(checksum) != expected)
      return fail(damaged("the checksum of a key does not fit"));
  }
  return *std::move(bytes);
}

}  // namespace

Result<std::string> binary_keyring(std::string_view file) {
  if (file.empty()) return fail(damaged("it is empty"));
  if (is_binary(file)) return std::string(file);
  std::string keys;
  while (!file.empty()) {
    if (next_line(file) != kBegin) continue;
    TRY_ASSIGN(const std::string block, decode_block(file));
    keys += block;
  }
  if (keys.empty()) return fail(damaged("it holds no public key"));
  return keys;
}

}  // namespace cogbuild::apt
