#include "small_archive.hpp"

#include <cogbuild/debian/package_index.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <string>

using namespace cogbuild;
using namespace cogbuild::debian;
using namespace cogbuild::debian::test;

namespace {

std::string offers(const PackageIndex& index, std::string_view name) {
  std::string text;
  for (const Candidate& candidate : index.candidates(name))
    text += fmt::format("{}{}@{}", text.empty() ? "" : " ", candidate.package->version,
                        index.suites()[candidate.suite].suite);
  return text;
}

std::string provided_by(const PackageIndex& index, std::string_view name) {
  std::string text;
  for (const Provider& provider : index.providers(name))
    text += fmt::format("{}{}={}({})", text.empty() ? "" : " ", provider.candidate.package->name,
                        provider.candidate.package->version, provider.version);
  return text;
}

std::vector<SuitePackages> two_suites() {
  return {{.packages = packages("a 1.9\nb 1\na 1.10\n"), .suite = "bookworm"},
          {.packages = packages("a 1.10+deb12u1\nb 1\n"), .suite = "bookworm-security"}};
}

}  // namespace

TEST_CASE("PackageIndex: the offers of a name, the highest version first") {
  const auto index = index_of(two_suites());
  CHECK(offers(index, "a") == "1.10+deb12u1@bookworm-security 1.10@bookworm 1.9@bookworm");
  CHECK(index.architecture() == "amd64");
  CHECK(index.suites().size() == 2);
}

TEST_CASE("PackageIndex: one version counts once, from the first suite that has it") {
  CHECK(offers(index_of(two_suites()), "b") == "1@bookworm");
  auto suites = two_suites();
  std::reverse(suites.begin(), suites.end());
  CHECK(offers(index_of(std::move(suites)), "b") == "1@bookworm-security");
}

TEST_CASE("PackageIndex: other architectures are left out") {
  const auto index = index_of("a 1 arm64\nb 1 all\nc 1 amd64; Provides: d\ne 1 arm64; Provides: d");
  CHECK(offers(index, "a").empty());
  CHECK(offers(index, "b") == "1@bookworm");
  CHECK(provided_by(index, "d") == "c=1()");
  CHECK(index.names() == std::vector<std::string_view>{"b", "c", "d"});
}

TEST_CASE("PackageIndex: providers in order of their names, the highest version first") {
  const auto index = index_of(
      "z 1; Provides: v\nb 1; Provides: v (= 3), w\nb 2; Provides: v (= 4)\na 1; Provides: w, v\n");
  CHECK(provided_by(index, "v") == "a=1() b=2(4) b=1(3) z=1()");
  CHECK(provided_by(index, "w") == "a=1() b=1()");
  CHECK(provided_by(index, "a").empty());
}

TEST_CASE("PackageIndex: names are real and provided ones, each once, sorted") {
  const auto index = index_of("b 1; Provides: a, c\nc 1\nb 2\n");
  CHECK(index.names() == std::vector<std::string_view>{"a", "b", "c"});
}

TEST_CASE("PackageIndex: an empty one has nothing") {
  for (const PackageIndex& index : {PackageIndex(), index_of(std::vector<SuitePackages>{})}) {
    CHECK(index.candidates("a").empty());
    CHECK(index.providers("a").empty());
    CHECK(index.names().empty());
    CHECK(index.suites().empty());
  }
  CHECK(PackageIndex().architecture().empty());
}

TEST_CASE("PackageIndex: a Provides that is none is an error which names the package") {
  const auto index = PackageIndex::of(
      {{.packages = packages("a 1; Provides: b | c"), .suite = "bookworm"}}, "amd64");
  REQUIRE_FALSE(index);
  CHECK(index.error().kind() == ErrorKind::config);
  CHECK(index.error().message() ==
        "Provides of `a` 1: `b | c` is not a package relation: alternatives are not allowed here");
}

TEST_CASE("PackageIndex: every name of any list is found, whatever the order of the list") {
  // Names that share their first 8 and 16 bytes, are each other's beginning, or are shorter.
  std::vector<std::string> names = {"a",
                                    "a+",
                                    "librust-",
                                    "librust-a",
                                    "librust-abcdefgh",
                                    "librust-abcdefgh-dev",
                                    "librust-abcdefgi",
                                    "libz",
                                    "zz"};
  std::sort(names.begin(), names.end());
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    auto shuffled = names;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    std::string text;
    for (const auto& name : shuffled) text += fmt::format("{} 1; Provides: x{}\n", name, name);
    const auto index = index_of(text);
    for (const auto& name : names) {
      CHECK(offers(index, name) == "1@bookworm");
      CHECK(provided_by(index, "x" + name) == name + "=1()");
    }
    CHECK(std::is_sorted(index.names().begin(), index.names().end()));
    CHECK(index.names().size() == 2 * names.size());
    CHECK(offers(index, "librust-abcdefg").empty());
  }
}
