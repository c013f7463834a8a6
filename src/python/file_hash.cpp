#include "ascii.hpp"

#include <cogbuild/python/file_hash.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::python {

Result<FileHash> FileHash::parse(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::size_t>, 3> kAlgorithms = {
      {{"sha256", 64}, {"sha384", 96}, {"sha512", 128}}};
  const auto separator = text.find_first_of(":=");
  if (separator == std::string_view::npos) {
    return fail(Error(ErrorKind::config,
                      fmt::format("`{}` is not a hash such as `sha256:…`", text.substr(0, 160))));
  }
  FileHash hash{.algorithm = to_lower(text.substr(0, separator)),
                .hex = to_lower(trim(text.substr(separator + 1)))};
  const auto* const known =
      std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                   [&](const auto& entry) { return entry.first == hash.algorithm; });
  if (known == kAlgorithms.end()) {
    return fail(Error(ErrorKind::unsupported, fmt::format("hash algorithm `{}` is not accepted",
                                                          hash.algorithm.substr(0, 32)))
                    .hint("use sha256, sha384 or sha512"));
  }
  const bool is_hex = std::all_of(hash.hex.begin(), hash.hex.end(),
                                  [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
  if (hash.hex.size() != known->second || !is_hex) {
    return fail(Error(ErrorKind::config,
                      fmt::format("`{}` is not {} hex digits of {}", hash.hex.substr(0, 160),
                                  known->second, hash.algorithm)));
  }
  return hash;
}

std::optional<digest::Digest> FileHash::sha256() const {
  if (algorithm != "sha256") return std::nullopt;
  auto digest = digest::Digest::parse_hex(hex);
  if (!digest) return std::nullopt;
  return *digest;
}

}  // namespace cogbuild::python
