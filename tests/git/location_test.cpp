#include <cogbuild/git/location.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using git::Location;

TEST_CASE("Location: where and at which revision") {
  struct Case {
    std::string text{};
    Location location{};
  };
  const std::string commit(40, 'a');
  for (const Case& given : std::vector<Case>{
           {"git+https://host/u/r.git", {.url = "https://host/u/r.git"}},
           {"git+https://host/u/r@v1.0", {.url = "https://host/u/r", .revision = "v1.0"}},
           {"git+https://host/u/r@feature/x#egg=y@z",
            {.url = "https://host/u/r", .revision = "feature/x"}},
           {"git+https://me:se%40cret@host:8443/r@" + std::string(40, 'A'),
            {.url = "https://host:8443/r",
            .username = "me",
            .password = "se@cret",
            .revision = commit}},
           {"git+https://token@host/r", {.url = "https://host/r", .username = "token"}},
           {"git+ssh://git@host/u/r@main", {.url = "ssh://git@host/u/r", .revision = "main"}},
           {"git+ssh://git@ssh.host:443/u/r", {.url = "ssh://git@ssh.host:443/u/r"}},
           {"git+file:///a/b@main", {.url = "file:///a/b", .revision = "main"}}}) {
    CAPTURE(given.text);
    const auto location = Location::parse(given.text);
    REQUIRE_MESSAGE(location, (location ? "" : render(location.error())));
    CHECK(*location == given.location);
  }
  CHECK(Location{.revision = commit}.is_commit());
  CHECK(!Location{.revision = commit.substr(1)}.is_commit());
  CHECK(!Location{}.is_commit());
}

TEST_CASE("Location: what could do harm or means nothing is refused") {
  struct Case {
    std::string text{};
    std::string message{};
  };
  const std::string revision = "a `git+` location has a revision that ";
  for (const Case& given : std::vector<Case>{
           {"git+https://host/r@--upload-pack=x", revision + "starts with `-`"},
           {"git+https://host/r@", revision + "is empty"},
           {"git+https://host/r@a..b", revision + "no branch, tag or commit can have"},
           {"git+https://host/r@a b", revision + "no branch, tag or commit can have"},
           {"git+https://host/r@HEAD^{tree}", revision + "no branch, tag or commit can have"},
           {"git+https://host/r@x:y", revision + "no branch, tag or commit can have"},
           {"git+https://host", "a `git+` location names no repository"},
           {"git+https://host/", "a `git+` location names no repository"},
           {"git+host:r", "a `git+` location is no URL"},
           {"git+http://host/r", "`git+http` is not fetched"},
           {"git+git://host/r", "`git+git` is not fetched"},
           {"git+ext::sh -c x://y/z", "`git+ext::sh -c x` is not fetched"},
           {"git+ssh://-oProxyCommand=x/r", "a `git+` location has an unusable host"},
           {"git+ssh://-o@host/r", "a `git+` location has an unusable user name"},
           {"git+ssh://me:secret@host/r", "a `git+` location over ssh takes no password"},
           {"git+file:///a\nb", "a `git+` location holds white space or a control character"}}) {
    CAPTURE(given.text);
    const auto location = Location::parse(given.text);
    REQUIRE(!location);
    CHECK(location.error().message() == given.message);
    CHECK(render(location.error()).find("secret") == std::string::npos);
  }
}
