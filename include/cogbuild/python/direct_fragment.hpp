#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/file_hash.hpp>
#include <cogbuild/python/package_name.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// What stands behind the `#` of a URL in a requirement: `egg=NAME[extra,…]`, `subdirectory=PATH`,
// `sha256=HEX`, joined by `&`. Other keys mean nothing. PyPA, "Direct URL Data Structure".
struct DirectFragment {
  PackageName egg{};  // empty: none
  std::vector<std::string> extras{};
  std::string subdirectory{};  // relative, without `.`, `..` and doubled slashes
  std::vector<FileHash> hashes{};

  // Errors: config; unsupported for a weak hash.
  static Result<DirectFragment> parse(std::string_view fragment);
  // Of a whole URL, with or without a fragment.
  static Result<DirectFragment> of(std::string_view url);
  friend bool operator==(const DirectFragment&, const DirectFragment&) = default;
};

}  // namespace cogbuild::python
