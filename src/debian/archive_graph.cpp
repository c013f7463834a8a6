#include "archive_graph.hpp"

#include "quoted.hpp"

#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace cogbuild::debian {
namespace {

struct RelationHash {
  std::size_t operator()(const Relation& relation) const {
    const std::hash<std::string_view> hash;
    std::size_t value = hash(relation.name);
    value = value * 31 + hash(relation.version);
    value = value * 31 + hash(relation.qualifier);
    return value * 31 + static_cast<std::size_t>(relation.relation);
  }
};
using RelationIds = std::unordered_map<Relation, RelationId, RelationHash>;

constexpr std::string_view kAny = "any";
constexpr std::size_t kMaxAnswers = std::size_t{1} << 22;

bool provides(const Relation& asked, std::string_view version) {
  return asked.relation == VersionRelation::any ||
         (!version.empty() && asked.satisfied_by(version));
}

}  // namespace

// Goes breadth first. A relation is asked once; what answers it is added, and asks in its turn.
class ArchiveGraphBuilder {
 public:
  ArchiveGraphBuilder(const PackageIndex& index, std::span<const Package> installed)
      : index_(index), installed_(installed) {}

  Result<ArchiveGraph> run(std::span<const Candidate> roots) {
    TRY(add_installed());
    for (const Candidate& root : roots) add(root);
    for (OfferId id = 0; id < graph_.offers_.size(); ++id) TRY(add_depends(id));
    for (OfferId id = 0; id < graph_.offers_.size(); ++id) TRY(add_conflicts(id));
    choose_candidates();
    return std::move(graph_);
  }

 private:
  struct InstalledProvision {
    const Package* package = nullptr;
    std::string_view version{};
  };

  Result<void> add_installed() {
    for (const Package& package : installed_) {
      const bool native = is_native(package);
      if (!native && package.multi_arch != MultiArch::foreign) continue;
      const auto [known, added] = installed_names_.try_emplace(package.name, &package);
      if (!added && native && !is_native(*known->second)) known->second = &package;
    }
    // In the order of the status, so that ids do not depend on a hash.
    for (const Package& package : installed_) {
      const auto found = installed_names_.find(package.name);
      if (found == installed_names_.end() || found->second != &package) continue;
      add({.package = &package, .suite = 0});
      TRY_ASSIGN(const auto provided,
                 parse(package, "Provides", package.provides, RelationField::provides));
      for (const Relation& relation : provided.flat())
        installed_provisions_[relation.name].push_back(
            {.package = &package, .version = relation.version});
    }
    for (const Package& package : installed_)
      if (const OfferId id = graph_.find(&package); id != kNoOffer)
        for (const Candidate& candidate : index_.candidates(package.name))
          if (compare_versions(candidate.package->version, package.version) > 0) add(candidate);
    return {};
  }

  [[nodiscard]] bool is_native(const Package& package) const {
    return package.architecture == index_.architecture() || package.architecture == "all";
  }

  // An offer of the version that is installed is the installed package.
  OfferId add(Candidate candidate) {
    const auto installed = installed_names_.find(candidate.package->name);
    const bool has_installed = installed != installed_names_.end();
    if (has_installed && candidate.package != installed->second &&
        compare_versions(candidate.package->version, installed->second->version) == 0) {
      const OfferId same = add({.package = installed->second, .suite = 0});
      graph_.ids_.try_emplace(candidate.package, same);
      return same;
    }
    const auto [found, added] =
        graph_.ids_.try_emplace(candidate.package, static_cast<OfferId>(graph_.offers_.size()));
    if (!added) return found->second;
    const bool is_installed = has_installed && candidate.package == installed->second;
    const NameId name = name_of(candidate.package->name);
    graph_.offers_.push_back({.candidate = candidate, .name = name, .installed = is_installed});
    graph_.edges_.emplace_back();
    if (is_installed) graph_.names_[name].installed = found->second;
    return found->second;
  }

  NameId name_of(std::string_view name) {
    const auto [found, added] =
        name_ids_.try_emplace(name, static_cast<NameId>(graph_.names_.size()));
    if (added) graph_.names_.emplace_back();
    return found->second;
  }

  Result<Relations> parse(const Package& package, std::string_view field, std::string_view text,
                          RelationField kind) {
    auto relations = parse_relations(text, kind);
    if (!relations)
      return fail(
          Error(ErrorKind::config, fmt::format("{} of {} {}: {}", field, quoted(package.name),
                                               package.version, relations.error().message())));
    return relations;
  }

  Result<void> add_depends(OfferId id) {
    const Package& package = graph_.package(id);
    const auto begin = static_cast<std::uint32_t>(graph_.groups_.size());
    TRY(add_groups(package, "Pre-Depends", package.pre_depends));
    TRY(add_groups(package, "Depends", package.depends));
    graph_.edges_[id].groups = {.begin = begin,
                                .end = static_cast<std::uint32_t>(graph_.groups_.size())};
    return {};
  }

  Result<void> add_groups(const Package& package, std::string_view field, std::string_view text) {
    TRY_ASSIGN(const auto relations, parse(package, field, text, RelationField::depends));
    for (std::size_t group = 0; group < relations.size(); ++group) {
      const auto begin = static_cast<std::uint32_t>(graph_.alternatives_.size());
      for (const Relation& relation : relations[group])
        graph_.alternatives_.push_back(ask(relation));
      graph_.groups_.push_back(
          {.begin = begin, .end = static_cast<std::uint32_t>(graph_.alternatives_.size())});
      TRY(check_size());
    }
    return {};
  }

  RelationId ask(const Relation& relation) {
    const auto [found, added] =
        asked_.try_emplace(relation, static_cast<RelationId>(graph_.asks_.size()));
    if (!added) return found->second;
    std::vector<OfferId> takers;
    each_taker(relation, [&](const Candidate& candidate) { takers.push_back(add(candidate)); });
    record(relation, std::move(takers));
    return found->second;
  }

  void record(const Relation& relation, std::vector<OfferId> takers) {
    std::sort(takers.begin(), takers.end());
    takers.erase(std::unique(takers.begin(), takers.end()), takers.end());
    answers_ += takers.size();
    graph_.asks_.push_back({.relation = relation, .takers = std::move(takers)});
  }

  // A hostile archive could have every package ask for every other in its own words.
  [[nodiscard]] Result<void> check_size() const {
    if (answers_ <= kMaxAnswers) return {};
    return fail(Error(ErrorKind::unsupported, "the packages have too many relations to follow"));
  }

  Result<void> add_conflicts(OfferId id) {
    const Package& package = graph_.package(id);
    const auto begin = static_cast<std::uint32_t>(graph_.conflicts_.size());
    TRY(add_conflicts_of(id, "Conflicts", package.conflicts));
    TRY(add_conflicts_of(id, "Breaks", package.breaks));
    graph_.edges_[id].conflicts = {.begin = begin,
                                   .end = static_cast<std::uint32_t>(graph_.conflicts_.size())};
    return {};
  }

  Result<void> add_conflicts_of(OfferId id, std::string_view field, std::string_view text) {
    TRY_ASSIGN(const auto relations,
               parse(graph_.package(id), field, text, RelationField::conflicts));
    graph_.enemies_.resize(graph_.offers_.size());
    for (const Relation& relation : relations.flat()) {
      const RelationId refused = refuse(relation);
      if (graph_.asks_[refused].takers.empty()) continue;
      graph_.conflicts_.push_back(refused);
      for (const OfferId taker : graph_.asks_[refused].takers)
        if (graph_.offers_[taker].name != graph_.offers_[id].name)
          graph_.enemies_[taker].push_back(id);
      answers_ += graph_.asks_[refused].takers.size();
      TRY(check_size());
    }
    return {};
  }

  // As `ask`, but what nothing else reaches is no matter.
  RelationId refuse(const Relation& relation) {
    const auto [found, added] =
        refused_.try_emplace(relation, static_cast<RelationId>(graph_.asks_.size()));
    if (!added) return found->second;
    std::vector<OfferId> takers;
    each_taker(relation, [&](const Candidate& candidate) {
      if (const OfferId taker = graph_.find(candidate.package); taker != kNoOffer)
        takers.push_back(taker);
    });
    record(relation, std::move(takers));
    return found->second;
  }

  template <class Visit>
  void each_taker(const Relation& relation, Visit visit) const {
    const bool any = relation.qualifier == kAny;
    if (!relation.qualifier.empty() && !any && relation.qualifier != "native" &&
        relation.qualifier != index_.architecture())
      return;
    const auto allowed = [any](const Package& package) {
      return !any || package.multi_arch == MultiArch::allowed;
    };
    if (const auto found = installed_names_.find(relation.name); found != installed_names_.end())
      if (allowed(*found->second) && relation.satisfied_by(found->second->version))
        visit({.package = found->second, .suite = 0});
    for (const Candidate& candidate : index_.candidates(relation.name))
      if (allowed(*candidate.package) && relation.satisfied_by(candidate.package->version))
        visit(candidate);
    if (const auto found = installed_provisions_.find(relation.name);
        found != installed_provisions_.end())
      for (const InstalledProvision& provision : found->second)
        if (allowed(*provision.package) && provides(relation, provision.version))
          visit({.package = provision.package, .suite = 0});
    for (const Provider& provider : index_.providers(relation.name))
      if (allowed(*provider.candidate.package) && provides(relation, provider.version))
        visit(provider.candidate);
  }

  void choose_candidates() {
    for (OfferId id = 0; id < graph_.offers_.size(); ++id) {
      const Package& package = graph_.package(id);
      ArchiveGraph::Name& name = graph_.names_[graph_.offers_[id].name];
      const auto offered = index_.candidates(package.name);
      if (name.installed != kNoOffer) {
        const Package& present = graph_.package(name.installed);
        const bool newest =
            offered.empty() || present.held ||
            compare_versions(offered.front().package->version, present.version) <= 0;
        if (newest ? id == name.installed : offered.front().package == &package)
          name.candidate = id;
      } else if (offered.front().package == &package) {
        name.candidate = id;
      }
    }
  }

  const PackageIndex& index_;
  std::span<const Package> installed_;
  ArchiveGraph graph_{};
  std::unordered_map<std::string_view, const Package*> installed_names_{};
  std::unordered_map<std::string_view, std::vector<InstalledProvision>> installed_provisions_{};
  std::unordered_map<std::string_view, NameId> name_ids_{};
  RelationIds asked_{};
  RelationIds refused_{};
  std::size_t answers_ = 0;
};

Result<ArchiveGraph> ArchiveGraph::reach(const PackageIndex& index,
                                         std::span<const Package> installed,
                                         std::span<const Candidate> roots) {
  return ArchiveGraphBuilder(index, installed).run(roots);
}

OfferId ArchiveGraph::find(const Package* package) const {
  const auto found = ids_.find(package);
  return found == ids_.end() ? kNoOffer : found->second;
}

}  // namespace cogbuild::debian
