#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/target.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

enum class MarkerVariable {
  os_name,
  sys_platform,
  platform_system,
  platform_machine,
  platform_python_implementation,
  platform_release,
  platform_version,
  python_version,
  python_full_version,
  implementation_name,
  implementation_version,
  extra,
};

// The values markers are evaluated with.
struct MarkerEnvironment {
  std::string os_name = "posix";
  std::string sys_platform = "linux";
  std::string platform_system = "Linux";
  std::string platform_machine{};
  std::string platform_python_implementation = "CPython";
  std::string platform_release{};     // unknown for an image
  std::string platform_version{};     // unknown for an image
  std::string python_version{};       // 3.11
  std::string python_full_version{};  // 3.11.9
  std::string implementation_name = "cpython";
  std::string implementation_version{};

  static MarkerEnvironment of(const Target& target);
  friend bool operator==(const MarkerEnvironment&, const MarkerEnvironment&) = default;
};

// A condition on the environment, such as `python_version < '3.9' and extra == 'gpu'`.
// PEP 508, "Environment Markers": `or` binds weaker than `and`; one side of each comparison is a
// quoted literal. Held in postfix order, so copying and evaluating never recurse.
class Marker {
 public:
  // Errors: config for text outside the grammar, nesting deeper than 64 or more than 1024
  // comparisons; an unknown variable is named.
  static Result<Marker> parse(std::string_view text);

  // Whether it holds when `extra` is that one name, or empty when no extra is asked for.
  [[nodiscard]] bool evaluate(const MarkerEnvironment& environment,
                              std::string_view extra = {}) const;
  // Whether it holds for the package alone or for any of its requested extras.
  [[nodiscard]] bool evaluate(const MarkerEnvironment& environment,
                              std::span<const std::string> extras) const;
  // Whether the value of `variable` is looked at.
  [[nodiscard]] bool uses(MarkerVariable variable) const;

  friend bool operator==(const Marker&, const Marker&) = default;

 private:
  friend class MarkerParser;
  friend std::string to_string(const Marker& marker);
  enum class Compare : std::uint8_t {
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    compatible,
    arbitrary,
    in,
    not_in,
  };
  struct Node {
    enum class Kind : std::uint8_t { compare, conjunction, disjunction };
    Kind kind = Kind::compare;
    MarkerVariable variable = MarkerVariable::extra;
    Compare op = Compare::equal;
    bool literal_first = false;
    std::string literal{};
    friend bool operator==(const Node&, const Node&) = default;
  };
  [[nodiscard]] static bool compare(const Node& node, const std::string& value);

  std::vector<Node> nodes_{};
};

std::string to_string(const Marker& marker);

}  // namespace cogbuild::python
