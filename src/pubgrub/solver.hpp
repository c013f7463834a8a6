#pragma once

#include "partial_solution.hpp"

#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace cogbuild::pubgrub {

// One run of the algorithm.
class Solver {
 public:
  explicit Solver(Provider& provider) : provider_(provider) {}
  Result<std::variant<Solution, Failure>> run();

 private:
  // Later ones are decided first; within one rank, who was seen first.
  enum class Rank { unspecified, conflict_late, conflict_early, pinned, direct };
  struct Standing {
    bool seen = false;
    std::size_t discovered = 0;
    Rank rank = Rank::unspecified;
    int affected = 0;  // conflicts in which its version was rejected
    int culprit = 0;   // conflicts in which it was why another's was
  };

  IncompatibilityId add(Incompatibility incompatibility);
  IncompatibilityId add_dependency(Package package, Position position, Dependency dependency);
  // False: there is no solution, and `failure_` says why.
  bool propagate(std::deque<Package> changed);
  std::optional<Package> resolve_conflict(IncompatibilityId conflict);
  Incompatibility combine(IncompatibilityId left, IncompatibilityId right, Package pivot) const;
  void backtrack(std::size_t level);
  void record_conflict(Package affected, IncompatibilityId incompatibility);
  bool reprioritize();
  [[nodiscard]] std::optional<Package> next_package(const std::vector<Open>& open) const;
  bool clashes_with_group(Package package, const VersionSet& allowed);
  Result<void> decide(Package package);
  Standing& standing(Package package);
  void discover(const Dependency& dependency);

  Provider& provider_;
  PartialSolution partial_{};
  std::vector<Incompatibility> incompatibilities_{};
  std::vector<std::vector<IncompatibilityId>> by_package_{};
  // Dependencies of one package on another, to be merged where they ask for the same.
  std::map<std::pair<Package, Package>, std::vector<IncompatibilityId>> dependencies_{};
  std::map<IncompatibilityId, std::size_t> contradicted_{};  // since which level
  std::vector<Standing> standings_{};
  std::vector<Package> promote_{};
  std::vector<Package> demote_{};
  std::size_t discovered_ = 0;
  IncompatibilityId failure_ = 0;
};

}  // namespace cogbuild::pubgrub
