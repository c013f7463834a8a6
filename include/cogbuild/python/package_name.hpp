#pragma once

#include <cogbuild/error/result.hpp>

#include <compare>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::python {

// A project's name, normalized on construction: lower case, each run of `-`, `_`, `.` one `-`.
// PEP 503, "Normalized Names"; PEP 508, "Names".
class PackageName {
 public:
  PackageName() = default;
  // Error: config, unless ASCII letters and digits at both ends and only those and `._-` inside.
  static Result<PackageName> parse(std::string_view text);

  [[nodiscard]] const std::string& value() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  friend auto operator<=>(const PackageName&, const PackageName&) = default;
  friend bool operator==(const PackageName&, const PackageName&) = default;

 private:
  explicit PackageName(std::string value) : value_(std::move(value)) {}
  std::string value_{};
};

inline const std::string& to_string(const PackageName& name) { return name.value(); }

// The normalization alone, for names known to be valid and for extras.
std::string normalize_name(std::string_view text);

}  // namespace cogbuild::python
