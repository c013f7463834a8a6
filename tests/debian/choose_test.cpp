#include "small_archive.hpp"

#include <cogbuild/debian/choose.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace cogbuild;
using namespace cogbuild::debian;
using namespace cogbuild::debian::test;

namespace {

// Borrows from the index.
Choice choice_of(const PackageIndex& index, const std::vector<std::string>& names) {
  const auto asked = wishes(names);
  auto choice = choose({.index = index, .wishes = asked});
  REQUIRE_MESSAGE(choice, (choice ? "" : render(choice.error())));
  return *std::move(choice);
}

}  // namespace

TEST_CASE("choose: nothing asked for, nothing chosen") {
  CHECK(chosen("a 1", {}).empty());
  CHECK(choose({.index = PackageIndex()})->packages.empty());
}

TEST_CASE("choose: of a name the highest version, or the one that is asked for") {
  const std::string archive = "a 1\na 3\na 2";
  CHECK(chosen(archive, {"a"}) == "a=3");
  CHECK(chosen(archive, {"a=2"}) == "a=2");
  CHECK(chosen(archive, {"a=0:2"}) == "a=2");
  CHECK(chosen(archive, {"a", "a"}) == "a=3");
}

TEST_CASE("choose: a suite by either of its names, though the index knows another with it") {
  const auto index =
      index_of({{.packages = packages("a 2\nb 1"), .suite = "bookworm", .also = "oldstable"},
                {.packages = packages("a 1\nb 1"), .suite = "bullseye", .also = "oldoldstable"}});
  CHECK(chosen(index, {"a"}) == "a=2");
  CHECK(chosen(index, {"a/bullseye"}) == "a=1");
  CHECK(chosen(index, {"a/oldoldstable", "b/bullseye"}) == "a=1 b=1");
  CHECK(chosen(index, {"a/sid"}) ==
        "error: no suite is named `sid`\nhint: there are bookworm, bullseye\n");
}

TEST_CASE("choose: packages of equal versions come out equal, whatever the order of the suites") {
  std::vector<SuitePackages> suites = {
      {.packages = packages("a 1; Depends: b (>= 2) | c\nb 1\nc 1"), .suite = "one"},
      {.packages = packages("b 2; Depends: d\nc 2"), .suite = "two"},
      {.packages = packages("d 1; Provides: c\nd 2"), .suite = "three"}};
  std::sort(suites.begin(), suites.end(),
            [](const auto& x, const auto& y) { return x.suite < y.suite; });
  do {
    CHECK(chosen(index_of(suites), {"a"}) == "a=1 b=2 d=2");
  } while (std::next_permutation(suites.begin(), suites.end(),
                                 [](const auto& x, const auto& y) { return x.suite < y.suite; }));
}

TEST_CASE("choose: a version or a suite that has it not; those there are") {
  CHECK(chosen("a 1\na 2", {"a=3"}, "a 0.9") ==
        "error: `a` has no version `3`\n"
        "hint: there are 2 (bookworm), 1 (bookworm), 0.9 (installed)\n");
  const auto index = index_of({{.packages = packages("a 1"), .suite = "bookworm"},
                               {.packages = packages("b 1"), .suite = "bullseye"}});
  CHECK(chosen(index, {"b/bookworm"}) ==
        "error: `b` is not in `bookworm`\nhint: there is 1 (bullseye)\n");
}

TEST_CASE("choose: what one package provides is that package, silently") {
  const auto index = index_of("z 1; Provides: v\nz 2; Provides: v");
  const auto choice = choice_of(index, {"v"});
  REQUIRE(choice.packages.size() == 1);
  CHECK(choice.packages[0].package->version == "2");
  CHECK(choice.notes.empty());
}

TEST_CASE("choose: what an older version provided does not count") {
  CHECK(chosen("z 1; Provides: v\nz 2\ny 1; Provides: v", {"v"}) == "y=1");
}

TEST_CASE("choose: what several packages provide is an error which lists them") {
  CHECK(chosen("a 1; Provides: v\nb 1; Provides: v (= 2)\nb 0; Provides: v", {"v"}) ==
        "error: `v` is not a package; 2 packages provide it\nhint: choose one of `a`, `b`\n");
}

TEST_CASE("choose: a name that only an installed package has or provides needs nothing") {
  CHECK(chosen("b 1", {"a"}, "a 1; Provides: v").empty());
  CHECK(chosen("b 1", {"v"}, "a 1; Provides: v").empty());
}

TEST_CASE("choose: a name that nobody has; near misses") {
  CHECK(chosen("libicu72 1\nlibicu67 1\nffmpeg 1", {"libicu66"}) ==
        "error: no package of bookworm is named `libicu66`\n"
        "hint: did you mean `libicu72`, `libicu67`?\n");
  CHECK(chosen("libasound2t64 1", {"libasound2"}) ==
        "error: no package of bookworm is named `libasound2`\n"
        "hint: did you mean `libasound2t64`?\n");
  CHECK(chosen("ffmpeg 1", {"nothing-like-it"}) ==
        "error: no package of bookworm is named `nothing-like-it`\n");
}

TEST_CASE("choose: a name that moved is taken where that is certain, with a note") {
  const auto index = index_of("libgl1 1");
  const auto choice = choice_of(index, {"libgl1-mesa-glx", "libgl1"});
  REQUIRE(choice.packages.size() == 1);
  CHECK(choice.packages[0].package->name == "libgl1");
  CHECK(choice.notes ==
        std::vector<std::string>{"`libgl1` is taken for `libgl1-mesa-glx`, which bookworm does not "
                                 "have: libgl1 brings the Mesa driver along"});
}

TEST_CASE("choose: a suite that still has a name that moved is not asked twice") {
  const auto index = index_of("libgl1 1\nlibgl1-mesa-glx 1");
  const auto choice = choice_of(index, {"libgl1-mesa-glx"});
  REQUIRE(choice.packages.size() == 1);
  CHECK(choice.packages[0].package->name == "libgl1-mesa-glx");
  CHECK(choice.notes.empty());
}

TEST_CASE("choose: a name that is not needed any more is left out, with a warning") {
  const auto index = index_of("a 1");
  const auto choice = choice_of(index, {"libgconf-2-4", "a"});
  CHECK(choice.packages.size() == 1);
  CHECK(choice.warnings ==
        std::vector<std::string>{"`libgconf-2-4` is left out: bookworm does not have it, and only "
                                 "old Electron programs used GConf"});
}

TEST_CASE("choose: a successor that is not the same thing is suggested alone") {
  CHECK(chosen("libtiff6 1", {"libtiff5"}) ==
        "error: no package of bookworm is named `libtiff5`\n"
        "hint: perhaps `libtiff6`: its ABI is another\n");
  CHECK(chosen("a 1", {"python3-distutils"}) ==
        "error: no package of bookworm is named `python3-distutils`\n"
        "hint: distutils left Python in 3.12; add setuptools to python_packages\n");
}

TEST_CASE("choose: every wish that fails is reported, each where it was written") {
  const auto index = index_of("a 1");
  auto asked = wishes({"missing", "a", "a=2"});
  asked[0].location = {.file = "cog.yaml", .line = 3, .column = 7};
  asked[2].location = {.file = "cog.yaml", .line = 5, .column = 7};
  const auto choice = choose({.index = index, .wishes = asked});
  REQUIRE_FALSE(choice);
  CHECK(choice.error().kind() == ErrorKind::config);
  CHECK(render(choice.error()) ==
        "cog.yaml:3:7: error: no package of bookworm is named `missing`\n"
        "cog.yaml:5:7: error: `a` has no version `2`\nhint: there is 1 (bookworm)\n");
}

TEST_CASE("choose: what cannot be installed, with the reasons in words") {
  const auto index = index_of("a 1; Depends: b\nb 1; Depends: c (>= 2) | d:any\nc 1");
  auto asked = wishes({"a"});
  asked[0].location = {.file = "cog.yaml", .line = 3, .column = 7};
  const auto choice = choose({.index = index, .wishes = asked});
  REQUIRE_FALSE(choice);
  CHECK(choice.error().kind() == ErrorKind::unsatisfiable);
  CHECK(render(choice.error()) ==
        "cog.yaml:3:7: error: `a` cannot be installed\n"
        "  `a` 1 depends on `b`\n"
        "  `b` 1 depends on `c (>= 2) | d:any`, which no package satisfies\n");
}

TEST_CASE("choose: wishes that exclude each other") {
  CHECK(chosen("a 1; Depends: x\nb 1; Depends: y\nx 1; Conflicts: y\ny 2", {"a", "b"}) ==
        "error: `a` and `b` cannot be installed together\n"
        "  `a` 1 depends on `x`\n"
        "  `b` 1 depends on `y`\n"
        "  `x` 1 conflicts with `y` 2\n");
  CHECK(chosen("a 1\na 2", {"a=1", "a=2"}) ==
        "error: `a=1` and `a=2` cannot be installed together\n"
        "  of `a` only one version can be installed: 1 or 2\n");
}

TEST_CASE("choose: an older version than the installed one, when it is asked for") {
  CHECK(chosen("a 1\na 2", {"a=1"}, "a 2") == "a=1");
  CHECK(chosen("a 1\nb 1; Depends: a (<< 2)", {"b"}, "a 2").starts_with("error: `b` "));
}

TEST_CASE("choose: what is installed is never removed") {
  CHECK(chosen("a 1; Conflicts: b", {"a"}, "b 1") ==
        "error: `a` cannot be installed\n"
        "  `a` 1 conflicts with `b` 1\n"
        "  `b` 1 is installed and cannot be removed\n");
}

TEST_CASE("choose: relations that are none are an error which names package and field") {
  CHECK(chosen("a 1; Depends: b\nb 1; Conflicts: c | d", {"a"}) ==
        "error: Conflicts of `b` 1: `c | d` is not a package relation: alternatives are not "
        "allowed here\n");
  CHECK(chosen("a 1; Depends: b (> =1)", {"a"}).starts_with("error: Depends of `a` 1: "));
  // What nothing asks for is not read.
  CHECK(chosen("a 1\nb 1; Depends: ((", {"a"}) == "a=1");
}
