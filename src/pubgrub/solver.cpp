#include "solver.hpp"

#include <algorithm>
#include <numeric>

namespace cogbuild::pubgrub {

namespace {

// So many conflicts make a package worth deciding out of turn.
constexpr int kConflictThreshold = 5;

}  // namespace

const VersionSet* Incompatibility::find(Package package) const {
  const auto found = std::find_if(terms.begin(), terms.end(),
                                  [package](const Term& term) { return term.package == package; });
  return found == terms.end() ? nullptr : &found->set;
}

Solver::Standing& Solver::standing(Package package) {
  if (package >= standings_.size()) standings_.resize(package + std::size_t{1});
  return standings_[package];
}

// A project and its extras share one place in the order.
void Solver::discover(const Dependency& dependency) {
  const Package group = provider_.group_of(dependency.package);
  if (!standing(group).seen) {
    standing(group).seen = true;
    standing(group).discovered = discovered_++;
  }
  const std::size_t discovered = standing(group).discovered;
  Standing& own = standing(dependency.package);
  own.seen = true;
  own.discovered = discovered;
  if (provider_.is_direct(dependency.package)) {
    own.rank = Rank::direct;
  } else if (dependency.pinned) {
    own.rank = std::max(own.rank, Rank::pinned);
  }
}

IncompatibilityId Solver::add(Incompatibility incompatibility) {
  const IncompatibilityId id = incompatibilities_.size();
  for (const auto& term : incompatibility.terms) {
    if (term.package >= by_package_.size()) by_package_.resize(term.package + std::size_t{1});
    by_package_[term.package].push_back(id);
  }
  incompatibilities_.push_back(std::move(incompatibility));
  return id;
}

IncompatibilityId Solver::add_dependency(Package package, Position position,
                                         Dependency dependency) {
  const std::size_t count = partial_.term(package)->universe();
  VersionSet versions = VersionSet::only(count, position);
  VersionSet unmet = dependency.allowed.complement();
  auto& known = dependencies_[{package, dependency.package}];
  const bool is_always = unmet.is_anything();
  // One incompatibility for all versions that ask for the same: conflicts are then learned once.
  for (IncompatibilityId& id : known) {
    const Incompatibility& same = incompatibilities_[id];
    const bool asks_same =
        is_always ? same.terms.size() == 1 : same.terms.size() == 2 && same.terms[1].set == unmet;
    if (!asks_same || same.reason != dependency.reason) continue;
    if (same.terms[0].set.contains(position)) return id;
    versions = versions | same.terms[0].set;
    for (const auto& term : same.terms) std::erase(by_package_[term.package], id);
    Incompatibility merged = same;
    merged.terms[0].set = std::move(versions);
    id = add(std::move(merged));
    return id;
  }
  Incompatibility incompatibility{.terms = {{package, std::move(versions)}},
                                  .cause = Incompatibility::Cause::dependency,
                                  .reason = dependency.reason,
                                  .dependency = dependency.package};
  if (!is_always) incompatibility.terms.push_back({dependency.package, std::move(unmet)});
  known.push_back(add(std::move(incompatibility)));
  return known.back();
}

bool Solver::propagate(std::deque<Package> changed) {
  while (!changed.empty()) {
    const Package current = changed.front();
    changed.pop_front();
    if (current >= by_package_.size()) continue;
    std::optional<IncompatibilityId> conflict;
    // The newest first: what was learned last is most likely to matter.
    const std::vector<IncompatibilityId> candidates = by_package_[current];
    for (auto id = candidates.rbegin(); id != candidates.rend(); ++id) {
      if (contradicted_.contains(*id)) continue;
      const Incompatibility& incompatibility = incompatibilities_[*id];
      const auto [relation, almost] = partial_.relation(incompatibility);
      if (relation == Relation::satisfied) {
        conflict = *id;
        break;
      }
      if (relation == Relation::almost) {
        if (std::find(changed.begin(), changed.end(), almost) == changed.end())
          changed.push_back(almost);
        partial_.derive(almost, incompatibility.find(almost)->complement(), *id);
        contradicted_.emplace(*id, partial_.level());
      } else if (relation == Relation::contradicted) {
        contradicted_.emplace(*id, partial_.level());
      }
    }
    if (!conflict) continue;
    const auto pivot = resolve_conflict(*conflict);
    if (!pivot) return false;
    changed.assign(1, *pivot);
  }
  return true;
}

Incompatibility Solver::combine(IncompatibilityId left, IncompatibilityId right,
                                Package pivot) const {
  Incompatibility result{.cause = Incompatibility::Cause::derived, .left = left, .right = right};
  std::map<Package, VersionSet> terms;
  for (const IncompatibilityId id : {left, right}) {
    for (const auto& [package, set] : incompatibilities_[id].terms) {
      const auto [place, is_new] = terms.try_emplace(package, set);
      if (is_new) continue;
      place->second = package == pivot ? place->second | set : place->second & set;
    }
  }
  for (auto& [package, set] : terms)
    if (!set.is_anything()) result.terms.push_back({package, std::move(set)});
  return result;
}

// Learns from a conflict and goes back to where what was learned has a consequence: for the
// returned package. Nothing: the conflict does not depend on any decision.
std::optional<Package> Solver::resolve_conflict(IncompatibilityId conflict) {
  IncompatibilityId current = conflict;
  bool is_new = false;
  while (true) {
    const Incompatibility& incompatibility = incompatibilities_[current];
    const bool is_final =
        incompatibility.terms.empty() ||
        (incompatibility.terms.size() == 1 && incompatibility.terms[0].package == kRoot &&
         incompatibility.terms[0].set.contains(0));
    if (is_final) {
      failure_ = current;
      return std::nullopt;
    }
    const Satisfier satisfier = partial_.find_satisfier(incompatibility, incompatibilities_);
    if (!satisfier.cause || satisfier.previous_level < satisfier.level) {
      backtrack(satisfier.previous_level);
      if (is_new) {
        for (const auto& term : incompatibilities_[current].terms) {
          if (term.package >= by_package_.size()) by_package_.resize(term.package + std::size_t{1});
          by_package_[term.package].push_back(current);
        }
      }
      record_conflict(satisfier.package, current);
      return satisfier.package;
    }
    Incompatibility learned = combine(current, *satisfier.cause, satisfier.package);
    incompatibilities_.push_back(std::move(learned));
    current = incompatibilities_.size() - 1;
    is_new = true;
  }
}

void Solver::backtrack(std::size_t level) {
  partial_.backtrack(level);
  std::erase_if(contradicted_, [level](const auto& entry) { return entry.second > level; });
}

void Solver::record_conflict(Package affected, IncompatibilityId incompatibility) {
  bool has_culprit = false;
  const Package group = provider_.group_of(affected);
  for (const auto& term : incompatibilities_[incompatibility].terms) {
    if (term.package == kRoot || provider_.group_of(term.package) == group) continue;
    has_culprit = true;
    if (++standing(term.package).culprit == kConflictThreshold) demote_.push_back(term.package);
  }
  if (has_culprit && ++standing(affected).affected == kConflictThreshold)
    promote_.push_back(affected);
}

// The package that is rejected again and again goes first, and the search goes back before the one
// that rejects it. Whether it went back.
bool Solver::reprioritize() {
  bool went_back = false;
  for (const Package package : std::exchange(promote_, {})) {
    Standing& own = standing(package);
    if (own.rank < Rank::conflict_early) own.rank = Rank::conflict_early;
    own.affected = 0;
  }
  for (const Package package : std::exchange(demote_, {})) {
    Standing& own = standing(package);
    own.culprit = 0;
    if (own.rank > Rank::conflict_late) continue;
    own.rank = Rank::conflict_late;
    const auto level = partial_.decision_level(package);
    if (!level) continue;
    backtrack(*level - 1);
    went_back = true;
  }
  return went_back;
}

std::optional<Package> Solver::next_package(const std::vector<Open>& open) const {
  std::optional<Package> best;
  for (const auto& [package, allowed] : open) {
    if (!best) {
      best = package;
      continue;
    }
    const Standing& a = standings_[package];
    const Standing& b = standings_[*best];
    if (a.rank != b.rank ? a.rank > b.rank : a.discovered < b.discovered) best = package;
  }
  return best;
}

// The project was decided at a version that one of its extras cannot have: without this, every
// other version of the extra would be tried in vain.
bool Solver::clashes_with_group(Package package, const VersionSet& allowed) {
  const Package group = provider_.group_of(package);
  if (group == package || !partial_.decision_level(group)) return false;
  const Position position = *partial_.decided()[group];
  if (allowed.contains(position)) return false;
  VersionSet others = VersionSet::all_versions(allowed.universe());
  others.erase(position);
  add({.terms = {{package, std::move(others)},
                 {group, VersionSet::only(allowed.universe(), position)}},
       .cause = Incompatibility::Cause::group});
  return true;
}

// Decides a package, or learns why its preferred version cannot be.
Result<void> Solver::decide(Package package) {
  const VersionSet allowed = *partial_.term(package);
  if (clashes_with_group(package, allowed)) return {};
  TRY_ASSIGN(auto choice, provider_.choose(package, allowed, partial_.decided()));
  for (Rejection& rejection : choice.rejections)
    add({.terms = {{package, std::move(rejection.versions)}},
         .cause = Incompatibility::Cause::rejection,
         .reason = rejection.reason});
  if (!choice.position) return {};
  TRY_ASSIGN(auto answer, provider_.dependencies(package, *choice.position));
  if (auto* rejection = std::get_if<Rejection>(&answer)) {
    add({.terms = {{package, std::move(rejection->versions)}},
         .cause = Incompatibility::Cause::rejection,
         .reason = rejection->reason});
    return {};
  }
  bool clashes = false;
  for (Dependency& dependency : std::get<std::vector<Dependency>>(answer)) {
    discover(dependency);
    const IncompatibilityId id = add_dependency(package, *choice.position, std::move(dependency));
    if (clashes || !partial_.would_satisfy(incompatibilities_[id], package, *choice.position))
      continue;
    clashes = true;
    record_conflict(package, id);
  }
  // A version whose dependencies clash with what holds already is not even tried.
  if (!clashes) partial_.decide(package, *choice.position);
  return {};
}

Result<std::variant<Solution, Failure>> Solver::run() {
  standing(kRoot).seen = true;
  const VersionSet root = VersionSet::only(1, 0);
  add({.terms = {{kRoot, root.complement()}}, .cause = Incompatibility::Cause::root});
  std::deque<Package> changed{kRoot};
  while (true) {
    if (!propagate(std::move(changed)))
      return Failure{.incompatibilities = std::move(incompatibilities_), .conflict = failure_};
    if (reprioritize()) {
      // What was learned since then may say more about what is left.
      changed.resize(by_package_.size());
      std::iota(changed.begin(), changed.end(), Package{0});
      continue;
    }
    const std::vector<Open> open = partial_.undecided();
    const auto next = next_package(open);
    if (!next) break;
    provider_.prepare(open);
    TRY(decide(*next));
    changed.assign(1, *next);
  }
  Solution solution;
  const auto decided = partial_.decided();
  for (std::size_t package = 1; package < decided.size(); ++package)
    if (decided[package]) solution.emplace(static_cast<Package>(package), *decided[package]);
  return solution;
}

Result<std::variant<Solution, Failure>> solve(Provider& provider) { return Solver(provider).run(); }

}  // namespace cogbuild::pubgrub
