#pragma once

#include <cogbuild/pubgrub/solve.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace cogbuild::pubgrub {

using IncompatibilityId = std::size_t;

enum class Relation {
  satisfied,     // every term holds: a conflict
  almost,        // every term but one holds, which is neither
  contradicted,  // some term cannot hold any more
  inconclusive,
};

// What an incompatibility means under the assignments; `package` is the one left over if almost.
struct RelationResult {
  Relation relation = Relation::inconclusive;
  Package package = kRoot;
};

// Where an incompatibility came to be satisfied, for conflict resolution.
struct Satisfier {
  Package package = kRoot;
  std::optional<IncompatibilityId> cause{};  // empty: a decision
  std::size_t level = 0;
  std::size_t previous_level = 0;  // where all but the satisfier's own assignment already held
};

// The assignments so far: decisions, and derivations with what they follow from, in order of time.
class PartialSolution {
 public:
  // What is known of a package; null: nothing yet.
  [[nodiscard]] const VersionSet* term(Package package) const;
  [[nodiscard]] RelationResult relation(const Incompatibility& incompatibility) const;
  [[nodiscard]] std::size_t level() const { return level_; }
  [[nodiscard]] std::span<const std::optional<Position>> decided() const { return decided_; }
  // Chosen, but no version yet. Ascending by number.
  [[nodiscard]] std::vector<Open> undecided() const;

  // `term` holds as well, because of `cause`.
  void derive(Package package, const VersionSet& term, IncompatibilityId cause);
  void decide(Package package, Position position);
  // Whether every other term of the incompatibility holds if the package has this version.
  [[nodiscard]] bool would_satisfy(const Incompatibility& incompatibility, Package package,
                                   Position position) const;
  void backtrack(std::size_t level);
  // The level at which a decided package was decided.
  [[nodiscard]] std::optional<std::size_t> decision_level(Package package) const;

  [[nodiscard]] Satisfier find_satisfier(
      const Incompatibility& incompatibility,
      const std::vector<Incompatibility>& incompatibilities) const;

 private:
  struct Derivation {
    std::size_t time = 0;
    std::size_t level = 0;
    IncompatibilityId cause = 0;
    VersionSet accumulated{};  // of this and all earlier derivations
  };
  struct Decision {
    std::size_t time = 0;
    std::size_t level = 0;
    VersionSet set{};
  };
  struct Assignments {
    std::vector<Derivation> derivations{};
    std::optional<Decision> decision{};
  };
  // Since when a package's assignments lie within `term`.
  struct Moment {
    std::size_t time = 0;
    std::size_t level = 0;
    std::optional<IncompatibilityId> cause{};
  };
  [[nodiscard]] Moment moment_within(Package package, const VersionSet& term) const;
  void grow(Package package);

  std::vector<Assignments> packages_{};
  std::vector<std::optional<Position>> decided_{};
  std::size_t time_ = 0;
  std::size_t level_ = 0;
};

}  // namespace cogbuild::pubgrub
