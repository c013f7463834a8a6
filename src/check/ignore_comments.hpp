#pragma once

#include <cogbuild/check/subject.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// A rule that a comment names, and the bytes of its name.
struct IgnoredRule {
  std::string id{};
  std::size_t begin = 0;
  std::size_t end = 0;
};

// One comment
//   # cogbuild: ignore[rule-a, rule-b] and whatever reason
// It silences what stands on its own line or, where nothing else stands there, on the next line
// that is not such a comment.
struct IgnoreComment {
  SourceLocation location{};  // of its `#`
  std::size_t hash = 0;       // its offset
  std::size_t begin = 0;      // of its bytes and the blanks in front of it, or of its whole line
  std::size_t end = 0;
  std::size_t silenced_line = 0;
  bool well_formed = true;  // it has brackets with at least one name
  std::vector<IgnoredRule> rules{};
};

// Whether `#` begins a comment in files of that name.
bool has_comments(std::string_view path);

// The comments of a file of any kind but Python; in .dockerignore and its like they have a line of
// their own.
std::vector<IgnoreComment> ignore_comments(const std::string& path, std::string_view text);
// Of Python; what only looks like a comment, in a string, is none.
std::vector<IgnoreComment> ignore_comments(const PythonFile& file);

}  // namespace cogbuild::check
