#pragma once

#include <cogbuild/debian/sources.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::debian {

// Where a value of a source stands.
struct Place {
  std::string_view file{};
  std::size_t line = 0;
};

// The values that both forms of apt's sources share. Errors: config at `place`, or unsupported.
Result<url::Url> parse_source_uri(std::string_view text, const Place& place);
Result<std::string> parse_suite(std::string_view text, const Place& place);
Result<std::string> parse_component(std::string_view text, const Place& place);
Result<std::string> parse_architecture(std::string_view text, const Place& place);
// apt's words for yes and no.
Result<bool> parse_flag(std::string_view name, std::string_view text, const Place& place);
// `yes`, `no` or `force`.
Result<std::optional<bool>> parse_by_hash(std::string_view text, const Place& place);
// One path or fingerprint, added to `signed_by`.
Result<void> add_signer(std::string_view text, SignedBy& signed_by, const Place& place);
// A flat suite has no components, any other has some.
Result<void> check_components(const Source& source, const Place& place);

}  // namespace cogbuild::debian
