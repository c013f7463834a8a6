#include <cogbuild/project/path_pattern.hpp>

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::project {

TEST_CASE("PathPattern: matches what Docker's patterns match") {
  struct Row {
    const char* pattern;
    const char* path;
    bool expected;
  };
  for (const Row& row : {
           Row{"a", "a", true},
           {"a", "ab", false},
           {"a", "a/b", false},
           {"a/b", "a/b", true},
           {"*", "a", true},
           {"*", "", true},
           {"*", "a/b", false},
           {"*.log", "x.log", true},
           {"*.log", "a/x.log", false},
           {"a*b", "ab", true},
           {"a*b", "axxb", true},
           {"a*b", "ax/b", false},
           {"a*b*c", "aXbXbXc", true},
           {"a*b*c", "aXbXbX", false},
           {"*a*b*c*", "xxaxxbxxcxx", true},
           {"?", "a", true},
           {"?", "", false},
           {"?", "/", false},
           {"?", "\xc3\xa4", true},
           {"?", "ab", false},
           {"a?c", "a/c", false},
           {"notes*/draft?.txt", "notes1/draft2.txt", true},
           {"notes*/draft?.txt", "notes1/draftAB.txt", false},
           {"**", "a", true},
           {"**", "a/b/c", true},
           {"a/**", "a/b/c", true},
           {"a/**", "a", false},
           {"a**", "abc", true},
           {"a**", "a/b", true},
           {"**/a", "a", true},
           {"**/a", "x/y/a", true},
           {"**/a", "xa", false},
           {"**/*.py", "a.py", true},
           {"**/*.py", "x/y/a.py", true},
           {"a/**/b", "a/b", true},
           {"a/**/b", "a/x/y/b", true},
           {"a/**/b", "a/xb", false},
           {"a/**/b/**/c", "a/1/b/2/3/c", true},
           {"a/**/b/**/c", "a/b/c", true},
           {"a/**/b/**/c", "a/c", false},
           {"**/a/**", "x/a/y", true},
           {"**/a/**", "x/a", false},
           {"**/**/a", "a", true},
           {"**.pyc", "a.pyc", true},
           {"**.pyc", "x/y.pyc", true},
           {"**.pyc", "x/y.py", false},
           {"**.py[co]", "x/y.pyc", false},
           {"**.py[co]", "x/.pyc", true},
           {"a**.b", "ax.b", false},
           {"a**.b", "ax/.b", true},
           {"***", "x/y", true},
           {"[a-c]x", "bx", true},
           {"[a-c]x", "dx", false},
           {"[^a-c]x", "dx", true},
           {"[^a-c]x", "ax", false},
           {"[!a]", "!", true},
           {"[!a]", "b", false},
           {"[abc]", "c", true},
           {"[\\]]", "]", true},
           {"[\\-a]", "-", true},
           {"[a-]", "x", false},
           {"[\xc3\xa0-\xc3\xa4]", "\xc3\xa2", true},
           {"a[^b]c", "a/c", true},  // as filepath.Match has it
           {"\\*", "*", true},
           {"\\*", "a", false},
           {"\\a", "a", true},
           {"a\\?", "a?", true},
           {"]", "]", true},
           {"a.b", "axb", false},
           {"(a|b)$", "a", false},
           {"(a|b)$", "(a|b)$", true},
           {"\xff", "\xff", true},
           {"?", "\xff", true},
       }) {
    CAPTURE(row.pattern);
    CAPTURE(row.path);
    const auto pattern = PathPattern::parse(row.pattern);
    if (!pattern) {
      CHECK(!row.expected);
      continue;
    }
    CHECK(pattern->matches(row.path) == row.expected);
  }
}

TEST_CASE("PathPattern: refuses what filepath.Match refuses") {
  for (const char* bad : {"[", "a[", "[]", "[]a]", "[^]", "[a", "[a-", "[a-]", "[-]", "[-a]",
                          "[x-]", "a\\", "[\\", "[a\\", "*[", "**/["}) {
    CAPTURE(bad);
    CHECK(!PathPattern::parse(bad));
  }
}

TEST_CASE("PathPattern: many stars take no time") {
  std::string stars;
  for (int i = 0; i < 50; ++i) stars += "*a";
  CHECK(!PathPattern::parse(stars + "b")->matches(std::string(2000, 'a')));
  std::string directories;
  for (int i = 0; i < 50; ++i) directories += "**/a/";
  std::string path;
  for (int i = 0; i < 1000; ++i) path += "a/";
  CHECK(!PathPattern::parse(directories + "b")->matches(path));
}

TEST_CASE("PathPattern: may_match_below tells directories that cannot hold a match") {
  struct Row {
    const char* pattern;
    const char* directory;
    bool expected;
  };
  for (const Row& row : {Row{"docs/keep.md", "docs", true},
                         {"docs/keep.md", "doc", false},
                         {"docs/keep.md", "docs/x", false},
                         {"docs", "docs", false},
                         {"docs/*", "docs", true},
                         {"**/x", "anything", true},
                         {"*.md", "venv", true},
                         {"docs/a*", "docs/b", false}}) {
    CAPTURE(row.pattern);
    CAPTURE(row.directory);
    CHECK(PathPattern::parse(row.pattern)->may_match_below(row.directory) == row.expected);
  }
}

}  // namespace cogbuild::project
