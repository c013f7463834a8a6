#include <cogbuild/plan/group_wheels.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using plan::group_wheels;
using Names = std::vector<std::vector<std::string>>;

namespace {

lock::LockedDistribution wheel(const std::string& name, std::uint64_t megabytes,
                               lock::Group group = lock::Group::project) {
  return {.name = name, .version = "1", .size_bytes = megabytes * 1'000'000, .group = group};
}

Names names(const std::vector<plan::WheelGroup>& groups) {
  Names out;
  for (const auto& group : groups) {
    out.emplace_back();
    for (const auto& one : group.wheels) out.back().push_back(one.name);
  }
  return out;
}

}  // namespace

TEST_CASE("group_wheels: large ones alone, largest first, equal sizes by name") {
  CHECK(names(group_wheels({wheel("b", 9), wheel("torch", 800), wheel("a", 9)}, 50)) ==
        Names{{"torch"}, {"a"}, {"b"}});
}

TEST_CASE("group_wheels: a small wheel's bucket depends on its name alone") {
  const auto few = group_wheels({wheel("idna", 1), wheel("pyyaml", 1)}, 50);
  const auto many =
      group_wheels({wheel("idna", 1), wheel("pyyaml", 1), wheel("numpy", 18), wheel("six", 1)}, 50);
  const auto bucket_of = [](const std::vector<plan::WheelGroup>& groups, const std::string& name) {
    for (const auto& group : groups)
      for (const auto& one : group.wheels)
        if (one.name == name) return group.wheels;
    return std::vector<lock::LockedDistribution>();
  };
  // six may join a bucket, but nobody moves to another one.
  for (const std::string name : {"idna", "pyyaml"}) {
    auto before = bucket_of(few, name);
    auto after = bucket_of(many, name);
    std::erase_if(after, [](const auto& one) { return one.name == "six"; });
    CHECK(before == after);
  }
}

TEST_CASE("group_wheels: the Cog runtime is the last group, whatever its sizes") {
  const auto groups = group_wheels({wheel("cog", 1, lock::Group::runtime),
                                    wheel("coglet", 90, lock::Group::runtime), wheel("torch", 800)},
                                   50);
  CHECK(names(groups) == Names{{"torch"}, {"cog", "coglet"}});
  CHECK(groups.back().kind == plan::LayerKind::runtime);
  CHECK(groups.back().title == "cog 1, coglet 1");
}

TEST_CASE("group_wheels: the title of the runtime begins with cog and coglet, its files do not") {
  std::vector<lock::LockedDistribution> wheels;
  for (const std::string name : {"anyio", "attrs", "cog", "coglet", "h11", "idna"})
    wheels.push_back(wheel(name, 1, lock::Group::runtime));
  const auto groups = group_wheels(wheels, 50);
  CHECK(names(groups) == Names{{"anyio", "attrs", "cog", "coglet", "h11", "idna"}});
  CHECK(groups[0].title == "cog 1, coglet 1, anyio 1, attrs 1 and 2 more");
}

TEST_CASE("group_wheels: never more groups than allowed") {
  std::vector<lock::LockedDistribution> wheels;
  for (int i = 0; i < 60; ++i) wheels.push_back(wheel("large" + std::to_string(i), 50));
  for (int i = 0; i < 60; ++i) wheels.push_back(wheel("small" + std::to_string(i), 1));
  wheels.push_back(wheel("cog", 1, lock::Group::runtime));
  for (const std::size_t most : {1U, 2U, 5U, 6U, 20U, 100U}) {
    const auto groups = group_wheels(wheels, most);
    CHECK(groups.size() <= most);
    std::size_t total = 0;
    for (const auto& group : groups) total += group.wheels.size();
    CHECK(total == wheels.size());
  }
}

TEST_CASE("group_wheels: a title names a few and counts the rest") {
  std::vector<lock::LockedDistribution> wheels;
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) wheels.push_back(wheel(name, 1));
  const auto groups = group_wheels(wheels, 1);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].title == "a 1, b 1, c 1, d 1 and 2 more");
}
