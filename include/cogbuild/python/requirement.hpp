#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/specifier.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

// A dependency on a named project: `name[extra,…] specifiers ; marker` or `name[extra] @ URL ;
// marker`. PEP 508, "Grammar".
struct Requirement {
  PackageName name{};
  std::vector<std::string> extras{};  // normalized, sorted, each once
  SpecifierSet specifiers{};
  std::string url{};  // as written; empty: from an index. May hold credentials: never print it
  std::optional<Marker> marker{};

  // Error: config, saying what was expected.
  static Result<Requirement> parse(std::string_view text, Spelling spelling = Spelling::published);
  // Whether its marker holds for the requiring package with these of its extras asked for.
  [[nodiscard]] bool applies(const MarkerEnvironment& environment,
                             std::span<const std::string> extras = {}) const;
  friend bool operator==(const Requirement&, const Requirement&) = default;
};

// Canonical text; a URL is shown without its user-info.
std::string to_string(const Requirement& requirement);

}  // namespace cogbuild::python
