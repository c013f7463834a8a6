#pragma once

#include <cogbuild/error/result.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::base {

// `3.12` or `3.12.4`, as cog.yaml's `python_version` has it.
struct PythonRelease {
  unsigned major = 0;
  unsigned minor = 0;
  std::optional<unsigned> patch{};

  // None for anything else.
  static std::optional<PythonRelease> parse(std::string_view text);
  // The same. Error: config.
  static Result<PythonRelease> require(std::string_view text);
  [[nodiscard]] std::string series() const;  // `3.12`
  friend bool operator==(const PythonRelease&, const PythonRelease&) = default;
};

}  // namespace cogbuild::base
