#include <cogbuild/pubgrub/version_set.hpp>

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace cogbuild::pubgrub {
namespace {

TEST_CASE("VersionSet: absence is one more element") {
  for (const std::size_t count : {0U, 1U, 63U, 64U, 65U, 200U}) {
    CAPTURE(count);
    const auto all = VersionSet::all_versions(count);
    CHECK(all.size() == count);
    CHECK_FALSE(all.allows_absence());
    CHECK(all.complement().allows_absence());
    CHECK(all.complement().size() == 0);
    CHECK(VersionSet(count).is_empty());
    CHECK(VersionSet(count).complement() == VersionSet::anything(count));
    CHECK(VersionSet::anything(count).is_anything());
    CHECK(VersionSet::anything(count).complement().is_empty());
    CHECK_FALSE(all.contains(static_cast<Position>(count)));
    CHECK((all | all.complement()).is_anything());
    CHECK((all & all.complement()).is_empty());
    CHECK_FALSE(VersionSet(count).first());
    CHECK_FALSE(VersionSet(count).complement().complement().last());
    if (count == 0) continue;
    CHECK(all.first() == Position{0});
    CHECK(all.last() == static_cast<Position>(count - 1));
    CHECK(VersionSet::anything(count).last() == static_cast<Position>(count - 1));
  }
}

TEST_CASE("VersionSet: behaves as a set of numbers") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    const std::size_t count = 1 + random() % 150;
    VersionSet a(count);
    VersionSet b(count);
    std::set<Position> plain_a;
    std::set<Position> plain_b;
    for (int n = 0; n < 5; ++n) {
      const std::size_t from = random() % count;
      const std::size_t to = from + random() % (count - from + 1);
      auto& set = n % 2 == 0 ? a : b;
      auto& plain = n % 2 == 0 ? plain_a : plain_b;
      set.insert(from, to);
      for (std::size_t each = from; each < to; ++each) plain.insert(static_cast<Position>(each));
    }
    for (Position each = 0; each < count; ++each) {
      CHECK(a.contains(each) == plain_a.contains(each));
      CHECK((a & b).contains(each) == (plain_a.contains(each) && plain_b.contains(each)));
      CHECK((a | b).contains(each) == (plain_a.contains(each) || plain_b.contains(each)));
      CHECK(a.complement().contains(each) == !plain_a.contains(each));
    }
    CHECK(a.size() == plain_a.size());
    CHECK(a.positions() == std::vector<Position>(plain_a.begin(), plain_a.end()));
    CHECK((a & b).is_subset_of(a));
    CHECK(a.is_subset_of(a | b));
    CHECK(a.is_disjoint_from(b) == (a & b).is_empty());
    if (!plain_a.empty()) {
      CHECK(a.first() == *plain_a.begin());
      CHECK(a.last() == *plain_a.rbegin());
      a.erase(*plain_a.begin());
      CHECK_FALSE(a.contains(*plain_a.begin()));
    }
  }
}

}  // namespace
}  // namespace cogbuild::pubgrub
