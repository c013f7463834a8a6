#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::python {

// `sha256:<hex>`, `sha384:<hex>` or `sha512:<hex>`, lower case, as `--hash` and index pages give
// them.
struct FileHash {
  std::string algorithm{};
  std::string hex{};

  // `sha256:…` or `sha256=…`. Errors: unsupported for a weak or unknown algorithm, config for bad
  // hex.
  static Result<FileHash> parse(std::string_view text);
  // The digest, if this is SHA-256.
  [[nodiscard]] std::optional<digest::Digest> sha256() const;
  friend auto operator<=>(const FileHash&, const FileHash&) = default;
  friend bool operator==(const FileHash&, const FileHash&) = default;
};

}  // namespace cogbuild::python
