#pragma once

#include <cogbuild/error/error.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::registry {

// What a registry said besides a status; distribution-spec, "Error Codes". Bodies may also be HTML,
// plain text or empty.
struct ServerError {
  struct Entry {
    std::string code{};  // `MANIFEST_UNKNOWN`; may be empty
    std::string message{};
    std::string detail{};  // a string as it is, anything else as JSON, cut
    friend bool operator==(const Entry&, const Entry&) = default;
  };
  int status = 0;
  std::vector<Entry> entries{};
  std::string text{};  // of a body that is no such document: one line without markup, cut

  // Whether any entry has this code.
  [[nodiscard]] bool has(std::string_view code) const;
  friend bool operator==(const ServerError&, const ServerError&) = default;
};

ServerError parse_server_error(int status, std::string_view body);

// One line: `400 MANIFEST_INVALID: manifest invalid (…)`.
std::string to_string(const ServerError& error);

}  // namespace cogbuild::registry
