#include <cogbuild/lock/require_wheels.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using lock::Form;
using lock::LockedDistribution;
using lock::require_wheels;

TEST_CASE("require_wheels: a lock of wheels can be installed") {
  CHECK(require_wheels({}));
  CHECK(require_wheels({.distributions = {{.name = "a", .version = "1"}}}));
}

TEST_CASE("require_wheels: names everything that must be built, and what from") {
  const auto checked = require_wheels(
      {.distributions = {
           {.name = "a",
            .version = "1",
            .form = Form::source_archive,
            .file_name = "a-1.tar.gz",
            .subdirectory = "py"},
           {.name = "b", .version = "2"},
           {.name = "c",
            .version = "3",
            .form = Form::version_control,
            .location = "https://host/c",
            .commit = "0123456789abcdef0123456789abcdef01234567"},
           {.name = "d", .version = "4", .form = Form::directory, .location = "lib/d"}}});
  REQUIRE(!checked);
  CHECK(checked.error().kind() == ErrorKind::unsupported);
  CHECK(checked.error().message() ==
        "a 1 must be built from source archive a-1.tar.gz, subdirectory py, and building from "
        "source is not available yet");
  REQUIRE(checked.error().others().size() == 2);
  CHECK(checked.error().others()[0].message() ==
        "c 3 must be built from commit 0123456789ab of https://host/c, and building from source is "
        "not available yet");
  CHECK(checked.error().others()[1].message() ==
        "d 4 must be built from directory lib/d, and building from source is not available yet");
}
