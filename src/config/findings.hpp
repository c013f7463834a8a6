#pragma once

#include <cogbuild/error/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::config {

// Collects what is wrong with one file, so that the user sees all of it at once.
class Findings {
 public:
  void error(SourceLocation location, std::string message, std::string hint = {});
  void warning(SourceLocation location, std::string message, std::string hint = {});
  // A warning that also belongs beside errors: a mistyped key is often why another one is missing.
  void unknown_key(Error finding) { unknown_keys_.push_back(std::move(finding)); }

  // The warnings, or the first error with all others; both ordered by place.
  Result<std::vector<Error>> finish() &&;

 private:
  std::vector<Error> errors_{};
  std::vector<Error> warnings_{};
  std::vector<Error> unknown_keys_{};
};

// What the user wrote, for a message: in backticks, on one line, cut after 80 bytes.
std::string literal(std::string_view text);

}  // namespace cogbuild::config
