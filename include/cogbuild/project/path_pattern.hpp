#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::project {

// A glob for slash-separated paths, with the syntax of Go's path/filepath.Match plus Docker's `**`:
//
//   pattern = { term }
//   term    = `**/`        any number of directories, also none
//           | `**`         at the end: everything; at the start, before nothing but characters: any
//           text
//                          (`**.pyc`); elsewhere like `**/`
//           | `*`          any characters but `/`
//           | `?`          one character but `/`
//           | `[` [ `^` ] range { range } `]`
//           | `\` character
//           | character
//   range   = character [ `-` character ]
//
// Characters are UTF-8; a byte that is not stands for itself.
class PathPattern {
 public:
  // Nullopt: a pattern that filepath.Match calls malformed.
  static std::optional<PathPattern> parse(std::string_view text);

  // Whether it matches the whole of `path`.
  [[nodiscard]] bool matches(std::string_view path) const;
  // Whether it could match some path below `directory`. May be true without need, never false
  // wrongly.
  [[nodiscard]] bool may_match_below(std::string_view directory) const;

 private:
  enum class Kind { literal, any_character, any_name, any_directories, any_text, character_class };
  struct Term {
    Kind kind = Kind::literal;
    std::string text{};  // of a literal
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges{};  // of a class, both ends included
  };
  class Parser;
  class Matcher;

  std::vector<Term> terms_{};
  std::size_t wildcards_ = 0;     // terms that can match more than one text
  std::string literal_prefix_{};  // what every match starts with
};

}  // namespace cogbuild::project
