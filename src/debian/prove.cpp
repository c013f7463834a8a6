#include "prove.hpp"

#include "solver_pool.hpp"

#include <cogbuild/debian/version.hpp>

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

  // What a rule says, with what it is about: enough to put the rules into an order that reads well.
  struct Reason {
    ::SolverRuleinfo kind = SOLVER_RULE_UNKNOWN;
    ::Id source = 0;
    ::Id target = 0;
    ::Id dependency = 0;
    bool told = false;
  };

  Contradiction explain(::Solver* solver, ::Id problem) {
    Contradiction contradiction;
    std::vector<Reason> reasons;
    IdQueue rules;
    solver_findallproblemrules(solver, problem, rules.get());
    for (int i = 0; i < rules.size(); ++i) {
      Reason reason;
      reason.kind =
          solver_ruleinfo(solver, rules[i], &reason.source, &reason.target, &reason.dependency);
      if (reason.kind != SOLVER_RULE_JOB) {
        reasons.push_back(reason);
        continue;
      }
      // Each job is two ids, how and what.
      const auto job = solver_rule2jobidx(solver, rules[i]) / 2;
      if (job >= 0 && static_cast<std::size_t>(job) < root_count_)
        contradiction.roots.push_back(static_cast<std::size_t>(job));
    }
    auto& roots = contradiction.roots;
    std::sort(roots.begin(), roots.end());
    roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
    contradiction.reasons = tell(reasons, roots);
    return contradiction;
  }

  // From what was asked for along what it depends on; then what stands against each other, then
  // what is installed.
  std::vector<std::string> tell(std::vector<Reason>& reasons, std::span<const std::size_t> roots) {
    std::vector<std::string> sentences;
    const auto add = [&](Reason& reason) {
      reason.told = true;
      auto text = sentence(reason);
      if (!text.empty() && std::find(sentences.begin(), sentences.end(), text) == sentences.end())
        sentences.push_back(std::move(text));
    };
    std::vector<::Id> open;
    for (const std::size_t root : roots) open.push_back(jobs_[static_cast<int>(2 * root + 1)]);
    for (std::size_t i = 0; i < open.size(); ++i)
      for (Reason& reason : reasons) {
        if (reason.told || reason.source != open[i] || !is_dependency(reason)) continue;
        add(reason);
        if (reason.kind != SOLVER_RULE_PKG_REQUIRES) continue;
        const ::Id* provider = pool_whatprovides_ptr(pool_.get(), reason.dependency);
        for (; *provider != 0; ++provider)
          if (std::find(open.begin(), open.end(), *provider) == open.end())
            open.push_back(*provider);
      }
    for (Reason& reason : reasons)
      if (!reason.told && reason.kind != SOLVER_RULE_UPDATE) add(reason);
    for (Reason& reason : reasons)
      if (!reason.told) add(reason);
    return sentences;
  }

  static bool is_dependency(const Reason& reason) {
    return reason.kind == SOLVER_RULE_PKG_REQUIRES ||
           reason.kind == SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP;
  }

  [[nodiscard]] const Package& package(::Id solvable) const {
    return graph_.package(pool_.offer(solvable));
  }
  [[nodiscard]] std::string name_of(::Id solvable) const {
    return fmt::format("`{}` {}", package(solvable).name, package(solvable).version);
  }

  [[nodiscard]] std::string sentence(const Reason& reason) const {
    switch (reason.kind) {
      case SOLVER_RULE_PKG_REQUIRES:
        return fmt::format("{} depends on `{}`", name_of(reason.source),
                           pool_.describe(reason.dependency));
      case SOLVER_RULE_PKG_NOTHING_PROVIDES_DEP:
        return fmt::format("{} depends on `{}`, which no package satisfies", name_of(reason.source),
                           pool_.describe(reason.dependency));
      case SOLVER_RULE_PKG_CONFLICTS:
        return fmt::format("{} conflicts with {}", name_of(reason.source), name_of(reason.target));
      case SOLVER_RULE_PKG_SAME_NAME: {
        auto versions = std::minmax(
            package(reason.source).version, package(reason.target).version,
            [](std::string_view a, std::string_view b) { return compare_versions(a, b) < 0; });
        return fmt::format("of `{}` only one version can be installed: {} or {}",
                           package(reason.source).name, versions.first, versions.second);
      }
      case SOLVER_RULE_UPDATE:
        return fmt::format("{} is installed and cannot be removed", name_of(reason.source));
      default:
        return reason.source > 0 ? fmt::format("{} cannot be installed", name_of(reason.source))
                                 : std::string();
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
