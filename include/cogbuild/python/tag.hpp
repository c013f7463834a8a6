#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogbuild::python {

// `cp311-cp311-manylinux_2_17_x86_64`; PEP 425.
struct Tag {
  std::string python{};
  std::string abi{};
  std::string platform{};
  friend bool operator==(const Tag&, const Tag&) = default;
};

std::string to_string(const Tag& tag);

// The platform tags a target accepts, best first; PEP 600 and 656.
std::vector<std::string> platform_tags(const Target& target);

// Every tag a target accepts, best first; rank 0 is best.
class TagList {
 public:
  static TagList of(const Target& target);

  [[nodiscard]] const std::vector<Tag>& tags() const { return tags_; }
  [[nodiscard]] std::optional<std::size_t> rank(const Tag& tag) const;
  // The best rank among the wheel's tags; nothing when the target accepts none.
  [[nodiscard]] std::optional<std::size_t> rank(const WheelName& wheel) const;

 private:
  std::vector<Tag> tags_{};
  std::unordered_map<std::string, std::size_t> ranks_{};
};

}  // namespace cogbuild::python
