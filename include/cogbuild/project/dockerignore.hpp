#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <cogbuild/error/result.hpp>

namespace cogbuild::project {

// Patterns of a .dockerignore file with Docker's meaning (moby/patternmatcher): one per line, `#`
// comments at line start, `!` negates, a leading `/` means nothing, `*` and `?` do not cross `/`, `**`
// crosses any number of components, the last matching pattern wins, and a pattern that matches a
// directory matches all below it.
class IgnoreRules {
 public:
  // Error: config, located in `file_name`, for a pattern that Docker refuses (`[`, `a[]`).
  static Result<IgnoreRules> parse(std::string_view text, const std::string& file_name);
  [[nodiscard]] bool ignores(std::string_view path) const;
  // Whether a directory that is ignored itself could hold a path that a later `!` line brings back.
  [[nodiscard]] bool may_reinclude_below(std::string_view directory) const;

 private:
  struct Pattern {
    std::vector<std::string> components{};
    bool negated = false;
  };
  std::vector<Pattern> patterns_{};
};

}  // namespace cogbuild::project
