#include <cogbuild/debian/choose.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using namespace cogbuild::debian;

TEST_CASE("parse_wish: a name, with a version or a suite") {
  struct Row {
    std::string text;
    Wish wish;
  };
  for (const auto& row : {
           Row{"ffmpeg", {.name = "ffmpeg"}},
           Row{"  git\n", {.name = "git"}},
           Row{"libstdc++6", {.name = "libstdc++6"}},
           Row{"g++", {.name = "g++"}},
           Row{"git=1:2.39.5-0+deb12u2", {.name = "git", .version = "1:2.39.5-0+deb12u2"}},
           Row{"git=2~rc1", {.name = "git", .version = "2~rc1"}},
           Row{"git/bookworm-backports", {.name = "git", .suite = "bookworm-backports"}},
           Row{"git/stable/updates", {.name = "git", .suite = "stable/updates"}},
       }) {
    CAPTURE(row.text);
    const auto wish = parse_wish(row.text);
    REQUIRE(wish);
    CHECK(*wish == row.wish);
    CHECK(parse_wish(to_string(*wish)) == *wish);
  }
}

TEST_CASE("parse_wish: what is no wish, and what to write instead") {
  struct Row {
    std::string text;
    std::string error;
  };
  for (const auto& row : {
           Row{"", "error: `` is not a system package: it is empty\n"},
           Row{"--no-install-recommends",
               "error: `--no-install-recommends` is not a system package: it looks like an option\n"
               "hint: system packages are names alone; options of apt have no meaning here\n"},
           Row{"libtag1-dev>=1.9",
               "error: `libtag1-dev>=1.9` is not a system package: versions are asked for with `=` "
               "alone\nhint: write `libtag1-dev`, or `name=version` for one version\n"},
           Row{"a~=1",
               "error: `a~=1` is not a system package: versions are asked for with `=` alone\n"
               "hint: write `a`, or `name=version` for one version\n"},
           Row{"zlib1g:i386",
               "error: `zlib1g:i386` is not a system package: it names an architecture\n"
               "hint: write `zlib1g`: packages are of the image's own architecture\n"},
           Row{"nano-",
               "error: `nano-` is not a system package: a `-` at the end asks apt to remove a "
               "package\nhint: packages of the base cannot be removed\n"},
           Row{"git curl",
               "error: `git curl` is not a system package: it has white space in it\n"
               "hint: list each package on its own\n"},
           Row{"lib*",
               "error: `lib*` is not a system package: a name has letters, digits and "
               "`+-._`\n"},
           Row{"a=", "error: `a=` is not a system package: a version is expected after `=`\n"},
           Row{"a/",
               "error: `a/` is not a system package: the name of a suite is expected after "
               "`/`\n"},
           Row{"./a.deb",
               "error: `./a.deb` is not a system package: a name has letters, digits "
               "and `+-._`\n"},
       }) {
    CAPTURE(row.text);
    const auto wish = parse_wish(row.text);
    REQUIRE_FALSE(wish);
    CHECK(wish.error().kind() == ErrorKind::config);
    CHECK(render(wish.error()) == row.error);
  }
}

TEST_CASE("parse_wish: control characters never reach the message") {
  const auto wish = parse_wish("a\x1b[31mb");
  REQUIRE_FALSE(wish);
  CHECK(wish.error().message().find('\x1b') == std::string::npos);
}
