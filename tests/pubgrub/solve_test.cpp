#include <cogbuild/pubgrub/solve.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace cogbuild::pubgrub {
namespace {

// Packages as tables: for each version, which versions of which others it needs.
class TableProvider final : public Provider {
 public:
  struct Version {
    std::vector<Dependency> dependencies{};
    bool usable = true;
  };

  Package add(std::size_t versions) {
    packages_.emplace_back(versions);
    return static_cast<Package>(packages_.size() - 1);
  }
  Version& at(Package package, Position position) { return packages_[package][position]; }
  void need(Package from, Position position, Package to, std::vector<Position> allowed) {
    VersionSet set(packages_[to].size());
    for (const Position each : allowed) set.insert(each);
    at(from, position)
        .dependencies.push_back({.package = to, .allowed = set, .reason = static_cast<Reason>(to)});
  }

  Result<Choice> choose(Package package, const VersionSet& allowed,
                        std::span<const std::optional<Position>> /*decided*/) override {
    Choice choice;
    VersionSet unusable(allowed.universe());
    auto positions = allowed.positions();
    for (auto position = positions.rbegin(); position != positions.rend(); ++position) {
      if (at(package, *position).usable) {
        choice.position = *position;
        break;
      }
      unusable.insert(*position);
    }
    if (!unusable.is_empty()) choice.rejections.push_back({.versions = unusable});
    return choice;
  }
  Result<std::variant<std::vector<Dependency>, Rejection>> dependencies(
      Package package, Position position) override {
    ++asked;
    return at(package, position).dependencies;
  }
  void prepare(const std::vector<Open>& /*undecided*/) override {}
  [[nodiscard]] Package group_of(Package package) const override {
    const auto found = groups.find(package);
    return found == groups.end() ? package : found->second;
  }
  [[nodiscard]] bool is_direct(Package /*package*/) const override { return false; }

  // Whether a choice of versions fulfils everything that is chosen, from the root on.
  [[nodiscard]] bool is_valid(const Solution& solution) const {
    const auto holds = [&](const Version& version) {
      return std::all_of(version.dependencies.begin(), version.dependencies.end(),
                         [&](const Dependency& dependency) {
                           const auto found = solution.find(dependency.package);
                           return found != solution.end() &&
                                  dependency.allowed.contains(found->second);
                         });
    };
    if (!holds(packages_[kRoot][0])) return false;
    return std::all_of(solution.begin(), solution.end(), [&](const auto& entry) {
      const Version& version = packages_[entry.first][entry.second];
      return version.usable && holds(version);
    });
  }

  [[nodiscard]] bool has_solution() const {
    Solution solution;
    const std::function<bool(Package)> search = [&](Package package) {
      if (package == packages_.size()) return is_valid(solution);
      for (Position position = 0; position < packages_[package].size(); ++position) {
        solution[package] = position;
        if (search(package + 1)) return true;
      }
      solution.erase(package);
      return search(package + 1);
    };
    return search(1);
  }

  int asked = 0;
  std::map<Package, Package> groups{};

 private:
  std::vector<std::vector<Version>> packages_{std::vector<Version>(1)};
};

std::optional<Solution> solution_of(TableProvider& provider) {
  auto outcome = solve(provider);
  REQUIRE(outcome);
  if (auto* solution = std::get_if<Solution>(&*outcome)) return std::move(*solution);
  return std::nullopt;
}

TEST_CASE("solve: the newest version that everything allows") {
  TableProvider provider;
  const auto a = provider.add(3);
  const auto b = provider.add(3);
  provider.need(kRoot, 0, a, {0, 1, 2});
  provider.need(a, 2, b, {0, 1});
  provider.need(a, 1, b, {0});
  CHECK(solution_of(provider) == Solution{{a, 2}, {b, 1}});
}

TEST_CASE("solve: goes back on a decision that others refuse") {
  TableProvider provider;
  const auto a = provider.add(2);
  const auto b = provider.add(2);
  const auto shared = provider.add(2);
  provider.need(kRoot, 0, a, {0, 1});
  provider.need(kRoot, 0, b, {0, 1});
  provider.need(a, 1, shared, {1});
  provider.need(b, 0, shared, {0});
  provider.need(b, 1, shared, {0});
  CHECK(solution_of(provider) == Solution{{a, 0}, {b, 1}, {shared, 0}});
}

TEST_CASE("solve: what nobody needs any more is not chosen") {
  TableProvider provider;
  const auto a = provider.add(2);
  const auto extra = provider.add(1);
  const auto missing = provider.add(0);
  provider.need(kRoot, 0, a, {0, 1});
  provider.need(a, 1, extra, {0});
  provider.need(a, 1, missing, {});
  CHECK(solution_of(provider) == Solution{{a, 0}});
}

TEST_CASE("solve: a failure names the dependencies that clash") {
  TableProvider provider;
  const auto a = provider.add(1);
  const auto b = provider.add(1);
  const auto shared = provider.add(2);
  provider.need(kRoot, 0, a, {0});
  provider.need(kRoot, 0, b, {0});
  provider.need(a, 0, shared, {0});
  provider.need(b, 0, shared, {1});
  auto outcome = solve(provider);
  REQUIRE(outcome);
  auto* failure = std::get_if<Failure>(&*outcome);
  REQUIRE(failure != nullptr);
  std::vector<std::size_t> stack{failure->conflict};
  int leaves = 0;
  while (!stack.empty()) {
    const auto& each = failure->incompatibilities.at(stack.back());
    stack.pop_back();
    if (each.cause == Incompatibility::Cause::derived) {
      stack.push_back(each.left);
      stack.push_back(each.right);
    } else {
      CHECK(each.cause == Incompatibility::Cause::dependency);
      ++leaves;
    }
  }
  CHECK(leaves == 4);
}

TEST_CASE("solve: agrees with trying everything") {
  std::mt19937 random(20261125);
  const auto pick = [&random](unsigned bound) {
    return std::uniform_int_distribution<unsigned>(0, bound - 1)(random);
  };
  int solved = 0;
  int failed = 0;
  for (int round = 0; round < 3000; ++round) {
    const unsigned packages = 3 + pick(4);
    std::vector<std::size_t> counts{1};
    TableProvider fresh;
    for (unsigned i = 0; i < packages; ++i) {
      counts.push_back(1 + pick(4));
      fresh.add(counts.back());
    }
    for (Package from = 0; from <= packages; ++from) {
      for (Position position = 0; position < counts[from]; ++position) {
        const unsigned needs = from == kRoot ? 1 + pick(3) : pick(3);
        for (unsigned n = 0; n < needs; ++n) {
          const Package to = 1 + pick(packages);
          if (to == from) continue;
          std::vector<Position> allowed;
          for (Position each = 0; each < counts[to]; ++each)
            if (pick(5) < 3) allowed.push_back(each);
          fresh.need(from, position, to, allowed);
        }
        if (from != kRoot && pick(8) == 0) fresh.at(from, position).usable = false;
      }
    }
    const auto found = solution_of(fresh);
    if (found) CHECK(fresh.is_valid(*found));
    CHECK(found.has_value() == fresh.has_solution());
    (found ? solved : failed) += 1;
  }
  CHECK(solved > 500);
  CHECK(failed > 500);
}

TEST_CASE("solve: many versions that fail alike are rejected together") {
  // Each version of `a` needs a version of `b` that another root forbids.
  TableProvider provider;
  const auto a = provider.add(200);
  const auto b = provider.add(2);
  provider.need(kRoot, 0, a, [] {
    std::vector<Position> all(200);
    for (Position n = 0; n < 200; ++n) all[n] = n;
    return all;
  }());
  provider.need(kRoot, 0, b, {0});
  for (Position n = 1; n < 200; ++n) provider.need(a, n, b, {1});
  CHECK(solution_of(provider) == Solution{{a, 0}, {b, 0}});
  CHECK(provider.asked <= 210);
}

TEST_CASE("solve: an extra that clashes takes its project's version with it, not one by one") {
  // Only the oldest version of the extra allows what the root wants of `b`.
  TableProvider provider;
  const auto a = provider.add(100);
  const auto extra = provider.add(100);
  const auto b = provider.add(2);
  provider.groups[extra] = a;
  std::vector<Position> any(100);
  for (Position n = 0; n < 100; ++n) any[n] = n;
  provider.need(kRoot, 0, a, any);
  provider.need(kRoot, 0, extra, any);
  provider.need(kRoot, 0, b, {0});
  for (Position n = 0; n < 100; ++n) {
    provider.need(extra, n, a, {n});
    if (n > 0) provider.need(extra, n, b, {1});
  }
  CHECK(solution_of(provider) == Solution{{a, 0}, {extra, 0}, {b, 0}});
  CHECK(provider.asked <= 320);
}

TEST_CASE("solve: a package that is rejected again and again goes first") {
  // Each newer version of `q` wants an older `p`; the oldest takes any.
  TableProvider provider;
  const auto p = provider.add(8);
  const auto q = provider.add(30);
  std::vector<Position> any(30);
  for (Position n = 0; n < 30; ++n) any[n] = n;
  provider.need(kRoot, 0, p, {0, 1, 2, 3, 4, 5, 6, 7});
  provider.need(kRoot, 0, q, any);
  for (Position n = 1; n < 30; ++n) provider.need(q, n, p, {0, 1, 2, 3});
  CHECK(solution_of(provider) == Solution{{p, 3}, {q, 29}});
}

}  // namespace
}  // namespace cogbuild::pubgrub
