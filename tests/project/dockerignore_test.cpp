#include <cogbuild/project/dockerignore.hpp>

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::project {

namespace {

IgnoreRules rules(const std::string& text) {
  return IgnoreRules::parse(text, ".dockerignore").value();
}

}  // namespace

TEST_CASE("IgnoreRules: a typical file gives Docker's answers") {
  const auto typical = rules(
      "# comment\n/venv\n**/.git\n*.log\ndocs\n!docs/keep.md\n/model_cache/*\nnotes*/draft?.txt\n");
  for (const char* kept : {"run.py", "docs/keep.md", "sub/venv/x.py", "notes1/draftAB.txt",
                           "sub/a.log", "model_cache", ".dockerignore"}) {
    CAPTURE(kept);
    CHECK(!typical.ignores(kept));
  }
  for (const char* ignored :
       {"venv/lib/x.py", "venv", ".git/config", "sub/.git/HEAD", "a.log", "docs/other.md", "docs",
        "model_cache/w.safetensors", "notes1/draft2.txt"}) {
    CAPTURE(ignored);
    CHECK(typical.ignores(ignored));
  }
}

TEST_CASE("IgnoreRules: what a line may look like") {
  struct Row {
    const char* text;
    const char* path;
    bool expected;
  };
  for (const Row& row : {
           Row{"", "a", false},
           {"\n\n  \n", "a", false},
           {"#a", "#a", false},
           {" #a", "#a", true},
           {"\\#a", "#a", true},
           {"a  \t", "a", true},
           {"  a", "a", true},
           {"a\r\nb\r\n", "a", true},
           {"\xef\xbb\xbf"
            "a",
            "a", true},
           {"a", "a", true},
           {"/a", "a", true},
           {"a/", "a", true},
           {"a/", "a/b", true},
           {"./a", "a", true},
           {"//a//b/", "a/b", true},
           {"a/./b", "a/b", true},
           {"a/../b", "b", true},
           {"a/../b", "a", false},
           {"../a", "a", false},
           {"/../a", "a", true},
           {"/", "a", false},
           {".", "a", false},
           {"*", "a", true},
           {"*\n!b", "b", false},
           {"*\n!b", "b/c", false},
           {"!b\n*", "b", true},
           {"*\n! b", "b", false},
           {"*\n!/b", "b", false},
           {"a\n!a\na", "a", true},
           {"a\n!a/b\na/b/c", "a/b", false},
           {"a\n!a/b\na/b/c", "a/b/c", true},
           {"a\n!a/b\na/b/c", "a/x", true},
           {"\\!a", "!a", true},
           {"!!a", "a", false},
           {"**\n!**/*.py", "x/y.py", false},
           {"**\n!**/*.py", "x/y.md", true},
           {"a b", "a b", true},
           {"dir\\ x", "dir x", true},
       }) {
    CAPTURE(row.text);
    CAPTURE(row.path);
    CHECK(rules(row.text).ignores(row.path) == row.expected);
  }
}

TEST_CASE("IgnoreRules: patterns that Docker refuses are all reported, with their place") {
  const auto result = IgnoreRules::parse("ok\n!\n  a[]\nx\\\n", ".dockerignore");
  REQUIRE(!result);
  CHECK(result.error().kind() == ErrorKind::config);
  CHECK(render(result.error()) ==
        ".dockerignore:2:1: error: `!` negates nothing\n"
        "  2 | !\n"
        "    | ^\n"
        "hint: write the pattern behind it, or remove the line\n"
        ".dockerignore:3:3: error: `a[]` is not a pattern\n"
        "  3 |   a[]\n"
        "    |   ^\n"
        "hint: close each `[` with `]`, put characters between them, and end no line with `\\`\n"
        ".dockerignore:4:1: error: `x\\` is not a pattern\n"
        "  4 | x\\\n"
        "    | ^\n"
        "hint: close each `[` with `]`, put characters between them, and end no line with `\\`\n");
}

TEST_CASE(
    "IgnoreRules: an ignored directory is passed over unless a later line may bring something "
    "back") {
  const auto asks = [](const char* text, const char* directory) {
    const auto parsed = rules(text);
    const auto matches = parsed.match(directory, {});
    REQUIRE(parsed.ignores(matches));
    return parsed.may_reinclude_below(directory, matches);
  };
  CHECK(!asks("docs\nvenv", "docs"));
  CHECK(asks("docs\n!docs/keep.md", "docs"));
  CHECK(!asks("docs\n!other/keep.md", "docs"));
  CHECK(!asks("!docs/keep.md\ndocs", "docs"));
  CHECK(asks("docs\n!**/keep.md", "docs"));
}

}  // namespace cogbuild::project
