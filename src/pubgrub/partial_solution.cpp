#include "partial_solution.hpp"

#include <algorithm>

namespace cogbuild::pubgrub {

void PartialSolution::grow(Package package) {
  if (package < packages_.size()) return;
  packages_.resize(package + std::size_t{1});
  decided_.resize(package + std::size_t{1});
}

const VersionSet* PartialSolution::term(Package package) const {
  if (package >= packages_.size()) return nullptr;
  const Assignments& assignments = packages_[package];
  if (assignments.decision) return &assignments.decision->set;
  return assignments.derivations.empty() ? nullptr : &assignments.derivations.back().accumulated;
}

RelationResult PartialSolution::relation(const Incompatibility& incompatibility) const {
  RelationResult result{.relation = Relation::satisfied};
  for (const auto& [package, set] : incompatibility.terms) {
    const VersionSet* known = term(package);
    if (known != nullptr && known->is_subset_of(set)) continue;
    if (known != nullptr && known->is_disjoint_from(set)) return {Relation::contradicted, package};
    result = result.relation == Relation::satisfied
                 ? RelationResult{Relation::almost, package}
                 : RelationResult{Relation::inconclusive, package};
  }
  return result;
}

std::vector<Open> PartialSolution::undecided() const {
  std::vector<Open> open;
  for (std::size_t package = 0; package < packages_.size(); ++package) {
    const Assignments& assignments = packages_[package];
    if (assignments.decision || assignments.derivations.empty()) continue;
    const VersionSet& known = assignments.derivations.back().accumulated;
    if (!known.allows_absence()) open.push_back({static_cast<Package>(package), &known});
  }
  return open;
}

void PartialSolution::derive(Package package, const VersionSet& term, IncompatibilityId cause) {
  grow(package);
  auto& derivations = packages_[package].derivations;
  VersionSet accumulated = derivations.empty() ? term : derivations.back().accumulated & term;
  derivations.push_back({time_++, level_, cause, std::move(accumulated)});
}

void PartialSolution::decide(Package package, Position position) {
  grow(package);
  Assignments& assignments = packages_[package];
  const std::size_t count = assignments.derivations.back().accumulated.universe();
  assignments.decision = Decision{time_++, ++level_, VersionSet::only(count, position)};
  decided_[package] = position;
}

bool PartialSolution::would_satisfy(const Incompatibility& incompatibility, Package package,
                                    Position position) const {
  return std::all_of(incompatibility.terms.begin(), incompatibility.terms.end(),
                     [&](const Incompatibility::Term& each) {
                       if (each.package == package) return each.set.contains(position);
                       const VersionSet* known = term(each.package);
                       return known != nullptr && known->is_subset_of(each.set);
                     });
}

void PartialSolution::backtrack(std::size_t level) {
  level_ = level;
  for (std::size_t package = 0; package < packages_.size(); ++package) {
    Assignments& assignments = packages_[package];
    if (assignments.decision && assignments.decision->level > level) {
      assignments.decision.reset();
      decided_[package].reset();
    }
    auto& derivations = assignments.derivations;
    while (!derivations.empty() && derivations.back().level > level) derivations.pop_back();
  }
}

std::optional<std::size_t> PartialSolution::decision_level(Package package) const {
  if (package >= packages_.size() || !packages_[package].decision) return std::nullopt;
  return packages_[package].decision->level;
}

PartialSolution::Moment PartialSolution::moment_within(Package package,
                                                       const VersionSet& term) const {
  const Assignments& assignments = packages_[package];
  const auto found = std::partition_point(
      assignments.derivations.begin(), assignments.derivations.end(),
      [&](const Derivation& derivation) { return !derivation.accumulated.is_subset_of(term); });
  if (found != assignments.derivations.end()) return {found->time, found->level, found->cause};
  return {assignments.decision->time, assignments.decision->level, std::nullopt};
}

Satisfier PartialSolution::find_satisfier(
    const Incompatibility& incompatibility,
    const std::vector<Incompatibility>& incompatibilities) const {
  Satisfier satisfier;
  const VersionSet* satisfied = nullptr;
  std::size_t latest = 0;
  for (const auto& [package, set] : incompatibility.terms) {
    const Moment moment = moment_within(package, set);
    if (satisfied != nullptr && moment.time < latest) continue;
    latest = moment.time;
    satisfied = &set;
    satisfier.package = package;
    satisfier.cause = moment.cause;
    satisfier.level = moment.level;
  }
  // What the satisfier says by itself may be too little: then earlier assignments of its package
  // take part, and their level counts.
  const std::size_t count = satisfied->universe();
  VersionSet own(count);
  if (satisfier.cause) {
    own = incompatibilities[*satisfier.cause].find(satisfier.package)->complement();
  } else {
    own = packages_[satisfier.package].decision->set;
  }
  satisfier.previous_level = 0;
  for (const auto& [package, set] : incompatibility.terms) {
    if (package != satisfier.package) {
      satisfier.previous_level =
          std::max(satisfier.previous_level, moment_within(package, set).level);
    } else if (!own.is_subset_of(set)) {
      satisfier.previous_level =
          std::max(satisfier.previous_level, moment_within(package, set | own.complement()).level);
    }
  }
  return satisfier;
}

}  // namespace cogbuild::pubgrub
