#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/requirement.hpp>
#include <cogbuild/python/specifier.hpp>
#include <cogbuild/python/version.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

inline constexpr std::size_t kMaxMetadataBytes = std::size_t{8} * 1024 * 1024;

// What resolving and installing need of a distribution's METADATA; core metadata specification.
struct Metadata {
  std::string metadata_version{};
  std::string name_text{};  // as written: what pip freeze prints
  PackageName name{};
  Version version{};
  std::optional<SpecifierSet> requires_python{};
  std::vector<Requirement> requires_dist{};    // in the order written
  std::vector<std::string> provides_extras{};  // normalized
  std::vector<std::string> dynamic{};          // lower case
  friend bool operator==(const Metadata&, const Metadata&) = default;
};

// Reads the header fields; the body (the description) is ignored. Errors: config for a missing or
// bad Name or Version or a requirement that does not parse; integrity above kMaxMetadataBytes.
Result<Metadata> parse_metadata(std::string_view text);

// Those header fields that `parse_metadata` reads, each unfolded on a line of its own: it reads the
// same out of them. Error: integrity above kMaxMetadataBytes.
Result<std::string> metadata_fields(std::string_view text);

}  // namespace cogbuild::python
