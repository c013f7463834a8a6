#pragma once

#include <cogbuild/error/error.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cogbuild::check {

enum class Severity { error, warning, hint };

// A change of a file that cannot change what the model does or how it is called.
struct Edit {
  std::string file{};     // relative to the project's root
  std::size_t begin = 0;  // bytes [begin, end) give way to `text`
  std::size_t end = 0;
  std::string text{};
  friend bool operator==(const Edit&, const Edit&) = default;
};

// One thing that a rule says about one place.
struct Finding {
  std::string rule{};
  Severity severity = Severity::warning;
  SourceLocation location{};  // the file always; line 0 where the file as a whole is meant
  std::string message{};      // what is wrong here: lower case, literals in backticks, no full stop
  std::string fix{};          // one line: what to do about it
  std::vector<Edit> edits{};  // what --fix does; empty: nothing
  std::string subject{};      // what it is about, where several are told of together (Rule::many)
};

}  // namespace cogbuild::check
