#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::configure {

// A word after expansion. What depends on the machine (command substitutions, answers of debconf)
// is not known; `text` is then what could be made out.
struct Field {
  std::string text{};
  bool known = true;
  bool quoted = false;  // in part at least: patterns do not count
};

// Variables and positional parameters; a name without value is not known, one that is absent is
// empty.
struct ShellVariables {
  std::map<std::string, std::optional<std::string>, std::less<>> named{};
  std::vector<std::string> arguments{};  // $1 and on
  std::string architecture{};            // Debian's, of the root
};

// IEEE 1003.1, "Word Expansions": parameters, quotes and field splitting. A word becomes no, one or
// more fields.
std::vector<Field> expand(std::string_view word, const ShellVariables& variables);
// The same without splitting, as assignments and `case` do.
Field expand_one(std::string_view word, const ShellVariables& variables);
// Whether a pattern of `case` matches: `*`, `?`, everything else is itself.
bool matches_pattern(std::string_view pattern, std::string_view text);

}  // namespace cogbuild::configure
