#include "authenticator.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <cstring>

namespace cogbuild::registry {

namespace {

bool is_private_v4(std::uint32_t address) {
  struct Block {
    std::uint32_t base = 0;
    unsigned bits = 0;
  };
  // RFC 6890: this network, private, shared, loopback, link-local.
  constexpr std::array kBlocks{
      Block{0x00000000U, 8},  Block{0x0A000000U, 8},  Block{0x64400000U, 10}, Block{0x7F000000U, 8},
      Block{0xA9FE0000U, 16}, Block{0xAC100000U, 12}, Block{0xC0A80000U, 16},
  };
  for (const Block& block : kBlocks)
    if ((address >> (32 - block.bits)) == (block.base >> (32 - block.bits))) return true;
  return false;
}

bool is_private_v6(const std::array<unsigned char, 16>& bytes) {
  constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<unsigned char, 12> kZero{};
  const bool mapped = std::memcmp(bytes.data(), kMapped.data(), kMapped.size()) == 0;
  const bool compatible = std::memcmp(bytes.data(), kZero.data(), kZero.size()) == 0;
  if (mapped || compatible) {  // `::` and `::1` are among the latter
    std::uint32_t address = 0;
    for (std::size_t i = 12; i < 16; ++i) address = address << 8U | bytes[i];
    return is_private_v4(address);
  }
  return (bytes[0] & 0xfeU) == 0xfcU || (bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80U);
}

bool is_private_address(const url::Url& url) {
  if (url.is_loopback()) return true;
  in_addr v4{};
  // inet_aton also reads the short and octal forms that resolvers accept.
  if (::inet_aton(url.host.c_str(), &v4) != 0) return is_private_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  std::array<unsigned char, 16> bytes{};
  if (::inet_pton(AF_INET6, url.host.c_str(), &v6) != 1) return false;
  std::memcpy(bytes.data(), &v6, bytes.size());
  return is_private_v6(bytes);
}

}  // namespace

Result<void> check_named_url(const url::Url& target, const url::Url& registry,
                             std::string_view what) {
  const auto refuse = [&](std::string_view why) {
    return fail(
        Error(ErrorKind::integrity, fmt::format("{} sends to {} as {}, {}", registry.authority(),
                                                url::to_display(target), what, why)));
  };
  if (target.scheme != "https" && target.scheme != "http") return refuse("which is not https");
  if (target.scheme == "http" && registry.scheme != "http") return refuse("which is not https");
  if (target.host != registry.host && is_private_address(target))
    return refuse("which is a private address");
  return {};
}

}  // namespace cogbuild::registry
