#include "prove.hpp"

#include "solver_pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cogbuild::debian {
namespace {

class Prover {
 public:
  Prover(const ArchiveGraph& graph, std::span<const OfferId> roots,
         std::span<const OfferId> proposed)
      : graph_(graph), pool_(graph), root_count_(roots.size()) {
    for (const OfferId root : roots)
      jobs_.push(SOLVER_INSTALL | SOLVER_SOLVABLE, pool_.solvable(root));
    for (NameId name = 0; name < graph.name_count(); ++name) hold(name, roots);
    // In the order of the walk: the first decides, as it does for apt.
    for (const OfferId id : proposed)
      jobs_.push(SOLVER_INSTALL | SOLVER_SOLVABLE | SOLVER_WEAK, pool_.solvable(id));
  }

  Proof run() {
    const SolverHandle solver(solver_create(pool_.get()));
    solver_set_flag(solver.get(), SOLVER_FLAG_IGNORE_RECOMMENDED, 1);
    const int problems = solver_solve(solver.get(), jobs_.get());
    Proof proof;
    for (int problem = 1; problem <= problems; ++problem)
      proof.contradictions.push_back(explain(solver.get(), problem));
    if (problems > 0) return proof;
    for (OfferId id = 0; id < graph_.size(); ++id)
      if (!graph_[id].installed && solver_get_decisionlevel(solver.get(), pool_.solvable(id)) > 0)
        proof.packages.push_back(id);
    std::sort(proof.packages.begin(), proof.packages.end(), [this](OfferId a, OfferId b) {
      return graph_.package(a).name < graph_.package(b).name;
    });
    return proof;
  }

 private:
  // A held package changes when it is asked for by itself, and else never.
  void hold(NameId name, std::span<const OfferId> roots) {
    const OfferId id = graph_.installed(name);
    if (id == kNoOffer || !graph_.package(id).held) return;
    if (std::any_of(roots.begin(), roots.end(),
                    [&](OfferId root) { return graph_[root].name == name; }))
      return;
    jobs_.push(SOLVER_LOCK | SOLVER_SOLVABLE, pool_.solvable(id));
  }

  Contradiction explain(::Solver* solver, ::Id problem) {
    Contradiction contradiction;
    IdQueue rules;
    solver_findallproblemrules(solver, problem, rules.get());
    for (int i = 0; i < rules.size(); ++i) {
      ::Id source = 0;
      ::Id target = 0;
      ::Id dependency = 0;
      const auto kind = solver_ruleinfo(solver, rules[i], &source, &target, &dependency);
      if (kind == SOLVER_RULE_JOB) {
        // Each job is two ids, how and what.
        const auto job = solver_rule2jobidx(solver, rules[i]) / 2;
        if (job >= 0 && static_cast<std::size_t>(job) < root_count_)
          contradiction.roots.push_back(static_cast<std::size_t>(job));
        continue;
      }
      const auto reason = sentence(kind, source, target, dependency);
      auto& reasons = contradiction.reasons;
      if (!reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
        reasons.push_back(reason);
    }
    std::sort(contradiction.roots.begin(), contradiction.roots.end());
    // libsolv goes from what fails to what was asked for; we tell it the other way round.
    std::reverse(contradiction.reasons.begin(), contradiction.reasons.end());
    return contradiction;
  }

  [[nodiscard]] std::string name_of(::Id solvable) const {
    const Package& package = graph_.package(pool_.offer(solvable));
    return fmt::format("`{}` {}", package.name, package.version);
  }

  [[nodiscard]] std::string sentence(::SolverRuleinfo kind, ::Id source, ::Id target,
                                     ::Id dependency) const {
    switch (kind) {
      case SOLVER_RULE_PKG_REQUIRES:
        return fmt::format("{} depends on `{}`", name_of(source), pool_.describe(dependency));
      case SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP:
        return fmt::format("{} depends on `{}`, which no package satisfies", name_of(source),
                           pool_.describe(dependency));
      case SOLVER_RULE_PKG_CONFLICTS:
        return fmt::format("{} conflicts with {}", name_of(source), name_of(target));
      case SOLVER_RULE_PKG_SAME_NAME:
        return fmt::format("of `{}` only one version can be installed: {} or {}",
                           graph_.package(pool_.offer(source)).name,
                           graph_.package(pool_.offer(source)).version,
                           graph_.package(pool_.offer(target)).version);
      case SOLVER_RULE_UPDATE:
        return fmt::format("{} is installed and is not to be removed or made older",
                           name_of(source));
      default:
        return source > 0 ? fmt::format("{} cannot be installed", name_of(source)) : std::string();
    }
  }

  const ArchiveGraph& graph_;
  SolverPool pool_;
  std::size_t root_count_;
  IdQueue jobs_{};
};

}  // namespace

Proof prove(const ArchiveGraph& graph, std::span<const OfferId> roots,
            std::span<const OfferId> proposed) {
  return Prover(graph, roots, proposed).run();
}

}  // namespace cogbuild::debian
