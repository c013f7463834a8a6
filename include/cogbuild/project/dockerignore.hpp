#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/project/path_pattern.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::project {

// The patterns of a .dockerignore file with Docker's meaning (docs.docker.com, "Build context",
// ".dockerignore files"): one per line without blanks at its ends, `#` in the first column makes a
// comment,
// `!` negates, a leading `/` and a trailing one mean nothing, the last matching line wins, and a
// pattern that matches a directory matches all below it. PathPattern tells what one pattern
// matches. Paths are relative to the project, `/`-separated, in normal form.
class IgnoreRules {
 public:
  // Which patterns match a directory: what a walk hands down, so that nothing is matched twice.
  // Empty stands for the root, which no pattern matches.
  using Matches = std::vector<bool>;

  // Ignores nothing.
  IgnoreRules() = default;
  // Error: config, located in `file_name`, for patterns that Docker refuses (`!` alone, `[`,
  // `a[]`).
  static Result<IgnoreRules> parse(std::string_view text, const std::string& file_name);

  [[nodiscard]] bool empty() const { return rules_.empty(); }
  // Whether `path`, a file or directory, is left out.
  [[nodiscard]] bool ignores(std::string_view path) const;
  // The patterns that match `path` or, as `parent` tells, a directory above it.
  [[nodiscard]] Matches match(std::string_view path, const Matches& parent) const;
  // The verdict on a path with these matches.
  [[nodiscard]] bool ignores(const Matches& matches) const;
  // Whether an ignored directory could hold a path that a later `!` line brings back. May be true
  // without need, never false wrongly.
  [[nodiscard]] bool may_reinclude_below(std::string_view directory, const Matches& matches) const;

 private:
  struct Rule {
    PathPattern pattern;
    bool negated = false;
  };
  std::vector<Rule> rules_{};
};

}  // namespace cogbuild::project
