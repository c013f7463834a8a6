#pragma once

#include <re2/re2.h>
#include <string>
#include <string_view>

namespace cogbuild::schema {

// A `pattern` of a schema, as Cog's validation compiles it: RE2 syntax in Go's dialect, and
// `\u00E9` as in JSON Schema. Matches anywhere in a text.
class Pattern {
 public:
  explicit Pattern(std::string_view pattern);
  // What is wrong with it; empty: nothing.
  [[nodiscard]] std::string fault() const { return compiled_.error(); }
  [[nodiscard]] bool matches(std::string_view text) const;

 private:
  RE2 compiled_;
};

}  // namespace cogbuild::schema
