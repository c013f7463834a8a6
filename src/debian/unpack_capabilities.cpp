#include <cogbuild/debian/deb_contents.hpp>

#include <algorithm>
#include <array>

namespace cogbuild::debian {

namespace {

constexpr std::uint32_t kNetRaw = std::uint32_t{1} << 13U;

struct KnownCapability {
  std::string_view package;
  std::string_view path;
  std::uint32_t permitted;
};

constexpr std::array<KnownCapability, 4> kKnown = {{
    {"fping", "usr/bin/fping", kNetRaw},
    {"iputils-arping", "usr/bin/arping", kNetRaw},
    {"iputils-ping", "usr/bin/ping", kNetRaw},
    {"mtr-tiny", "usr/bin/mtr-packet", kNetRaw},
}};

void put_le32(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(static_cast<unsigned char>(value >> shift));
}

}  // namespace

std::string file_capability(std::string_view package, std::string_view path) {
  const auto known = std::ranges::find_if(kKnown, [&](const KnownCapability& candidate) {
    return candidate.path == path && candidate.package == package;
  });
  if (known == kKnown.end()) return {};
  constexpr std::uint32_t kRevision2Effective = 0x02000001;
  std::string value;
  for (const std::uint32_t word : {kRevision2Effective, known->permitted, 0U, 0U, 0U})
    put_le32(value, word);
  return value;
}

}  // namespace cogbuild::debian
