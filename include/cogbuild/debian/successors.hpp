#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Names of packages that newer suites do not have any more. To be asked only about a name that the
// suite neither has nor provides.
namespace cogbuild::debian {

enum class SuccessorKind : std::uint8_t {
  certain,     // take `successor` instead, and say so
  suggestion,  // an error that names `successor`: it is not the same thing
  not_needed,  // leave it out, with a warning
  gone,        // an error; `advice` says more
};

struct Successor {
  std::string_view name{};
  std::string_view successor{};  // empty: none
  SuccessorKind kind = SuccessorKind::suggestion;
  std::string_view advice{};  // a clause for the note, the warning or the hint

  friend bool operator==(const Successor&, const Successor&) = default;
};

// All that is known, for documentation and tests. A name that ends in `-` stands for every name
// that begins so.
std::span<const Successor> known_successors();

// Null: nothing is known of this name.
const Successor* find_successor(std::string_view name);

// Names out of `known` that may be meant by `name`, the likeliest first, at most `most`: with or
// without `t64`; equal but for their numbers (`libicu67`, `libicu72`), the highest first; then at
// most two letters away (insert, delete, replace, swap of neighbours). Never `name` itself.
std::vector<std::string> suggest(std::string_view name, std::span<const std::string_view> known,
                                 std::size_t most = 5);

}  // namespace cogbuild::debian
