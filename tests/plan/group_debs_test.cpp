#include <cogbuild/plan/plan_system.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::plan {
namespace {

lock::LockedDeb deb(const std::string& name, const std::string& source, std::uint64_t bytes) {
  return {
      .name = name, .version = "1", .architecture = "amd64", .source = source, .size_bytes = bytes};
}

// `title: names`, a line per group.
std::vector<std::string> shown(const std::vector<DebGroup>& groups) {
  std::vector<std::string> lines;
  for (const auto& group : groups) {
    std::string line = group.title + ":";
    for (const auto& package : group.packages) line += " " + package.name;
    lines.push_back(line);
  }
  return lines;
}

TEST_CASE("group_debs: large source packages stand alone, largest first, the rest together") {
  CHECK(shown(group_debs({deb("zlib1g", "zlib", 90'000), deb("libllvm15", "llvm", 22'000'000),
                          deb("gcc-12", "gcc-12", 19'000'000), deb("cpp-12", "gcc-12", 9'000'000),
                          deb("libc6", "glibc", 2'700'000), deb("adduser", "adduser", 100'000)})) ==
        std::vector<std::string>{"gcc-12 (2 packages): cpp-12 gcc-12", "libllvm15 1: libllvm15",
                                 "3 packages: adduser libc6 zlib1g"});
}

TEST_CASE("group_debs: ties are broken by name, whatever the order of the packages") {
  const std::vector<lock::LockedDeb> packages = {deb("b", "b", 6'000'000),
                                                 deb("a", "a", 6'000'000)};
  CHECK(shown(group_debs(packages)) == std::vector<std::string>{"a 1: a", "b 1: b"});
  CHECK(group_debs(packages) == group_debs({packages[1], packages[0]}));
}

TEST_CASE("group_debs: never more groups than are allowed") {
  std::vector<lock::LockedDeb> packages;
  for (int i = 0; i < 30; ++i)
    packages.push_back(deb("p" + std::to_string(100 + i), "s" + std::to_string(i), 5'000'000));
  CHECK(group_debs(packages).size() == kMaxDebGroups);
  CHECK(group_debs(packages).back().packages.size() == 30 - (kMaxDebGroups - 1));
  CHECK(group_debs(packages, 1).size() == 1);
  CHECK(group_debs({}).empty());
}

}  // namespace
}  // namespace cogbuild::plan
