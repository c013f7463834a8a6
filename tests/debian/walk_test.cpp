#include "small_archive.hpp"

#include <cogbuild/debian/choose.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

// What apt would choose among what is possible: rules of spec and of measured behaviour, one each.
using namespace cogbuild;
using namespace cogbuild::debian;
using namespace cogbuild::debian::test;

TEST_CASE("choose: what is needed, and what that needs; nothing else") {
  CHECK(chosen("a 1; Depends: b, c\nb 1; Pre-Depends: d\nc 1\nd 1\ne 1; Depends: a", {"a"}) ==
        "a=1 b=1 c=1 d=1");
}

TEST_CASE("choose: Recommends and Suggests are not followed") {
  CHECK(chosen("a 1; Recommends: b; Suggests: c\nb 1\nc 1", {"a"}) == "a=1");
}

TEST_CASE("choose: alternatives from left to right") {
  CHECK(chosen("a 1; Depends: z | b\nb 1\nz 1", {"a"}) == "a=1 z=1");
  CHECK(chosen("a 1; Depends: gone | b | c\nb 1\nc 1", {"a"}) == "a=1 b=1");
}

TEST_CASE("choose: a group that something chosen satisfies is left alone") {
  CHECK(chosen("a 1; Depends: x | y\nx 1\ny 1", {"a", "y"}) == "a=1 y=1");
  // Wishes are chosen before any of them is walked.
  CHECK(chosen("a 1; Depends: x | y\nx 1\ny 1", {"y", "a"}) == "a=1 y=1");
  CHECK(chosen("a 1; Depends: y, x | y\nx 1\ny 1", {"a"}) == "a=1 y=1");
  // Depth first: b's needs come before a's second group.
  CHECK(chosen("a 1; Depends: b, x | y\nb 1; Depends: y\nx 1\ny 1", {"a"}) == "a=1 b=1 y=1");
  CHECK(chosen("a 1; Depends: x | y, b\nb 1; Depends: y\nx 1\ny 1", {"a"}) == "a=1 b=1 x=1 y=1");
}

TEST_CASE("choose: Pre-Depends come before Depends") {
  CHECK(chosen("a 1; Depends: x | y; Pre-Depends: y\nx 1\ny 1", {"a"}) == "a=1 y=1");
}

TEST_CASE("choose: a group that something installed satisfies is left alone") {
  CHECK(chosen("a 1; Depends: x | y\nx 1\ny 1\ny 2", {"a"}, "y 1") == "a=1");
  CHECK(chosen("a 1; Depends: x | v\nx 1", {"a"}, "y 1; Provides: v") == "a=1");
}

TEST_CASE("choose: a later package that provides what an earlier one needed does not unseat it") {
  CHECK(chosen("a 1; Depends: lsb, b\nlsb 1\nb 1; Provides: lsb", {"a"}) == "a=1 b=1 lsb=1");
}

TEST_CASE("choose: among providers the real package, Essential, Protected, Priority, name") {
  const std::string a = "a 1; Depends: v\n";
  CHECK(chosen(a + "b 1; Provides: v\nv 1", {"a"}) == "a=1 v=1");
  CHECK(chosen(a + "b 1; Provides: v; Protected: yes\nc 1; Provides: v; Essential: yes", {"a"}) ==
        "a=1 c=1");
  CHECK(chosen(a + "b 1; Provides: v; Priority: required\nc 1; Provides: v; Important: yes",
               {"a"}) == "a=1 c=1");
  CHECK(chosen(a + "b 1; Provides: v; Priority: extra\nc 1; Provides: v; Priority: optional",
               {"a"}) == "a=1 c=1");
  CHECK(chosen(a + "c 1; Provides: v\nb 1; Provides: v\nd 1; Provides: v", {"a"}) == "a=1 b=1");
}

TEST_CASE("choose: versions of a relation, and of what is provided") {
  const std::string archive =
      "b 1\nb 2\np 1; Provides: v\nq 1; Provides: v (= 3)\nr 1; Provides: v (= 4)\n";
  CHECK(chosen(archive + "a 1; Depends: b (>= 2)", {"a"}) == "a=1 b=2");
  CHECK(chosen(archive + "a 1; Depends: v (>= 4)", {"a"}) == "a=1 r=1");
  CHECK(chosen(archive + "a 1; Depends: v (>= 3)", {"a"}) == "a=1 q=1");
  CHECK(chosen(archive + "a 1; Depends: v", {"a"}) == "a=1 p=1");
  CHECK(chosen("a 1; Depends: v (>= 1)\np 2; Provides: v", {"a"}).starts_with("error: `a` "));
}

TEST_CASE("choose: an older version alone satisfies: the proof finds what apt would not") {
  CHECK(chosen("a 1; Depends: b (<< 2)\nb 1\nb 2", {"a"}) == "a=1 b=1");
  // As apt, the alternative whose candidate fits comes first.
  CHECK(chosen("a 1; Depends: b (<< 2) | c\nb 1\nb 2\nc 1", {"a"}) == "a=1 c=1");
}

TEST_CASE("choose: a provider that conflicts with a wish is passed over") {
  CHECK(chosen("a 1; Depends: v\nb 1; Provides: v; Conflicts: w\nc 1; Provides: v\nw 1",
               {"a", "w"}) == "a=1 c=1 w=1");
  CHECK(chosen("a 1; Depends: v\nb 1; Provides: v\nc 1; Provides: v\nw 1; Breaks: b (<< 2)",
               {"a", "w"}) == "a=1 c=1 w=1");
}

TEST_CASE("choose: a provider whose own needs fail is undone, with what it brought") {
  CHECK(chosen("a 1; Depends: x | y\nx 1; Depends: d, gone\nd 1\ny 1", {"a"}) == "a=1 y=1");
  CHECK(chosen("a 1; Depends: x | y\nx 1; Depends: d, e\nd 1\ne 1; Depends: gone\ny 1", {"a"}) ==
        "a=1 y=1");
}

TEST_CASE("choose: Conflicts and Breaks ignore the package's own name and Provides") {
  CHECK(chosen("a 1; Provides: v; Conflicts: v; Breaks: a", {"a"}) == "a=1");
  CHECK(chosen("a 1; Provides: v; Conflicts: v\nb 1; Provides: v; Conflicts: v", {"a", "b"})
            .starts_with("error: `a` and `b` cannot be installed together\n"));
}

TEST_CASE("choose: a versioned conflict does not hit what is provided without a version") {
  CHECK(chosen("a 1; Conflicts: v (<< 2)\nb 1; Provides: v", {"a", "b"}) == "a=1 b=1");
}

TEST_CASE("choose: Replaces alone excludes nothing") {
  CHECK(chosen("a 1; Replaces: b\nb 1", {"a", "b"}) == "a=1 b=1");
}

TEST_CASE("choose: of an installed package the newer version, when it is asked for or needed") {
  CHECK(chosen("a 1\na 2", {"a"}, "a 1") == "a=2");
  CHECK(chosen("a 1\na 2", {"a"}, "a 2").empty());
  CHECK(chosen("a 1; Depends: b (>= 2)\nb 2", {"a"}, "b 1") == "a=1 b=2");
  CHECK(chosen("a 1; Depends: b\nb 2", {"a"}, "b 1") == "a=1");
}

TEST_CASE("choose: an upgrade is preferred to a new package, whatever the alternative") {
  CHECK(chosen("a 1; Depends: c | b (>= 2)\nb 2\nc 1", {"a"}, "b 1") == "a=1 b=2");
}

TEST_CASE("choose: what an upgrade leaves behind is upgraded too") {
  CHECK(chosen("a 1; Depends: lib (>= 2)\nlib 2\ndev 2; Depends: lib (= 2)", {"a"},
               "lib 1\ndev 1; Depends: lib (= 1)") == "a=1 dev=2 lib=2");
  CHECK(chosen("a 1; Breaks: b (<< 2)\nb 2", {"a"}, "b 1") == "a=1 b=2");
  CHECK(chosen("a 1\nb 2", {"a"}, "b 1; Conflicts: a") == "a=1 b=2");
}

TEST_CASE("choose: a base that lacks what its packages declare stays as it is") {
  CHECK(chosen("a 1\nb 1\nb 2\ngone 1", {"a"}, "b 1; Depends: gone") == "a=1");
}

TEST_CASE("choose: a held package changes neither by itself nor for another") {
  const auto index = index_of("a 1; Depends: b (>= 2) | c\nb 2\nc 1\nd 1; Depends: b (>= 2)");
  const auto held = parse_status(
      "Package: b\nVersion: 1\nArchitecture: amd64\nStatus: hold ok installed\n", "status");
  REQUIRE(held);
  const auto choose_names = [&](const std::vector<std::string>& names) {
    const auto asked = wishes(names);
    const auto choice = choose({.index = index, .installed = held->packages(), .wishes = asked});
    if (!choice) return render(choice.error());
    std::string text;
    for (const Candidate& one : choice->packages)
      text += fmt::format("{}={} ", one.package->name, one.package->version);
    return text;
  };
  CHECK(choose_names({"a"}) == "a=1 c=1 ");
  CHECK(choose_names({"b"}).empty());
  CHECK(choose_names({"b=2"}) == "b=2 ");
  CHECK(choose_names({"d"}).starts_with("error: `d` cannot be installed\n"));
}

TEST_CASE("choose: `:any` is satisfied by packages that allow it, other architectures by none") {
  CHECK(chosen("a 1; Depends: b:any (>= 1)\nb 1; Multi-Arch: allowed", {"a"}) == "a=1 b=1");
  CHECK(chosen("a 1; Depends: b:any | c\nb 1; Multi-Arch: foreign\nc 1", {"a"}) == "a=1 c=1");
  CHECK(chosen("a 1; Depends: v:any\nb 1; Multi-Arch: allowed; Provides: v", {"a"}) == "a=1 b=1");
  CHECK(chosen("a 1; Depends: b:amd64\nb 1", {"a"}) == "a=1 b=1");
  CHECK(chosen("a 1; Depends: b:arm64 | c\nb 1\nc 1", {"a"}) == "a=1 c=1");
  CHECK(chosen("a 1; Depends: b:arm64\nb 1", {"a"}) ==
        "error: `a` cannot be installed\n"
        "  `a` 1 depends on `b:arm64`, which no package satisfies\n");
  CHECK(chosen("a 1 all; Depends: b\nb 1", {"a"}) == "a=1 b=1");
}

TEST_CASE("choose: installed packages of another architecture count when they are foreign alone") {
  CHECK(chosen("a 1; Depends: b\nb 1", {"a"}, "b 1 i386; Multi-Arch: foreign") == "a=1");
  CHECK(chosen("a 1; Depends: b\nb 1", {"a"}, "b 1 i386; Multi-Arch: same") == "a=1 b=1");
  CHECK(chosen("a 1; Depends: b\nb 1", {"a"}, "b 1 i386\nb 1 amd64") == "a=1");
}

TEST_CASE("choose: circles") {
  CHECK(chosen("a 1; Depends: b\nb 1; Depends: c\nc 1; Depends: a", {"b"}) == "a=1 b=1 c=1");
  CHECK(chosen("a 1; Depends: a", {"a"}) == "a=1");
  CHECK(chosen("a 1; Depends: b | c\nb 1; Depends: a, gone\nc 1; Depends: a", {"a"}) == "a=1 c=1");
}

TEST_CASE("choose: what gives way for a later need is replaced by the next alternative") {
  CHECK(chosen("a 1; Depends: x | y\nb 1; Depends: k | n\nk 1; Conflicts: x\nx 1\ny 1\nn 1",
               {"a", "b"}) == "a=1 b=1 k=1 y=1");
}

TEST_CASE("choose: when the walk was wrong the proof repairs it, and says what it dropped") {
  // The walk takes x for a before it comes to k, which b needs and x refuses.
  const auto index = index_of("a 1; Depends: x | y\nb 1; Depends: k\nk 1\nx 1; Conflicts: k\ny 1");
  const auto asked = wishes({"a", "b"});
  const auto choice = choose({.index = index, .wishes = asked});
  REQUIRE(choice);
  std::string names;
  for (const Candidate& one : choice->packages) names += one.package->name;
  CHECK(names == "abky");
  CHECK(choice->dropped == std::vector<std::string>{"x 1"});
}

TEST_CASE("choose: what is installed of the same source follows to the same version") {
  const std::string archive =
      "tools 2; Source: xz; Depends: lib (>= 1)\nlib 2; Source: xz\nlib 3; Source: xz (4)\n"
      "doc 2; Source: xz\nother 2\n";
  CHECK(chosen(archive, {"tools"}, "lib 1\nother 1\ndoc 1") == "doc=2 tools=2");
  CHECK(chosen(archive, {"doc"}, "doc 2\nother 1").empty());
}

TEST_CASE("choose: upgrades that exclude each other do not take turns for ever") {
  CHECK(
      chosen("w 1; Depends: lib (>= 2)\nlib 2\na 2; Conflicts: b (>= 2)\nb 2; Conflicts: a (>= 2)",
             {"w"}, "lib 1\na 1; Depends: lib (= 1)\nb 1; Depends: lib (= 1)")
          .starts_with("error: `w` cannot be installed\n"));
}

TEST_CASE("choose: a chain too long for the walk is still solved") {
  std::string archive;
  constexpr int kLength = 5000;
  for (int i = 0; i < kLength; ++i) archive += fmt::format("p{} 1; Depends: p{}\n", i, i + 1);
  archive += fmt::format("p{} 1\n", kLength);
  const auto index = index_of(archive);
  const auto asked = wishes({"p0"});
  const auto choice = choose({.index = index, .wishes = asked});
  REQUIRE(choice);
  CHECK(choice->packages.size() == kLength + 1);
}

TEST_CASE("choose: hundreds of providers, alternatives and circles end soon") {
  const auto begin = std::chrono::steady_clock::now();
  constexpr int kCount = 300;
  std::string archive = "a 1; Depends: v";
  for (int i = 0; i < kCount; ++i) archive += fmt::format(", x{} | v", i);
  archive += "\n";
  for (int i = 0; i < kCount; ++i)
    archive += fmt::format("p{} 1; Provides: v; Depends: v, q{}\nq{} 1; Depends: gone | p{}\n", i,
                           i, i, (i + 1) % kCount);
  const auto text = chosen(archive, {"a"});
  CHECK(text.starts_with("a=1 p"));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}

TEST_CASE("choose: relations beyond all measure are refused") {
  std::string archive;
  constexpr int kCount = 3000;
  for (int i = 0; i < kCount; ++i)
    archive += fmt::format("p{} 1; Provides: v (= {}); Depends: v (>= 0.{})\n", i, i + 1, i);
  CHECK(chosen(archive, {"p0"}) == "error: the packages have too many relations to follow\n");
}
