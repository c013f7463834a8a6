#include <cogbuild/digest/md5.hpp>

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cstdlib>
#include <iterator>

namespace cogbuild::digest {

std::string md5_hex(std::string_view content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  std::size_t size = 0;
  // Machines in FIPS mode would refuse it by default.
  if (EVP_Q_digest(nullptr, "MD5", "-fips", content.data(), content.size(), out.data(), &size) != 1)
    std::abort();  // OpenSSL without MD5: nothing sensible can follow
  std::string hex;
  for (std::size_t i = 0; i < size; ++i)
    fmt::format_to(std::back_inserter(hex), "{:02x}", unsigned{out[i]});
  return hex;
}

}  // namespace cogbuild::digest
