#include "solver_pool.hpp"

#include <cogbuild/debian/version.hpp>

#include <algorithm>

namespace cogbuild::debian {
namespace {

int flags_of(VersionRelation relation) {
  switch (relation) {
    case VersionRelation::earlier:
      return REL_LT;
    case VersionRelation::earlier_equal:
      return REL_LT | REL_EQ;
    case VersionRelation::equal:
      return REL_EQ;
    case VersionRelation::later_equal:
      return REL_GT | REL_EQ;
    case VersionRelation::later:
      return REL_GT;
    case VersionRelation::any:
      break;
  }
  return 0;
}

// In order of name, the highest version first: where libsolv is free to choose, ids decide.
std::vector<OfferId> in_order(const ArchiveGraph& graph) {
  std::vector<OfferId> ids(graph.size());
  for (OfferId id = 0; id < ids.size(); ++id) ids[id] = id;
  std::sort(ids.begin(), ids.end(), [&](OfferId a, OfferId b) {
    const Package& one = graph.package(a);
    const Package& other = graph.package(b);
    if (one.name != other.name) return one.name < other.name;
    return compare_versions(one.version, other.version) > 0;
  });
  return ids;
}

}  // namespace

SolverPool::SolverPool(const ArchiveGraph& graph) : pool_(pool_create()), solvables_(graph.size()) {
  pool_setdisttype(pool_.get(), DISTTYPE_DEB);
  ::Repo* const installed = repo_create(pool_.get(), "installed");
  ::Repo* const offered = repo_create(pool_.get(), "offered");
  pool_set_installed(pool_.get(), installed);
  offers_.reserve(graph.size());
  for (const OfferId id : in_order(graph))
    add(graph, id, graph[id].installed ? installed : offered);
  pool_createwhatprovides(pool_.get());
}

void SolverPool::add(const ArchiveGraph& graph, OfferId id, ::Repo* repo) {
  const Package& package = graph.package(id);
  const ::Id at = repo_add_solvable(repo);
  solvables_[id] = at;
  offers_.emplace(at, id);

  const ::Id name = intern(package.name);
  const ::Id version = intern(package.version);
  ::Offset provided = 0;
  ::Offset required = 0;
  ::Offset refused = 0;
  const auto provide = [&](std::string_view what, std::string_view of_version) {
    provided = repo_addid_dep(repo, provided, intern(what, of_version, REL_EQ), 0);
    if (package.multi_arch == MultiArch::allowed)
      provided =
          repo_addid_dep(repo, provided, intern(std::string(what) + ":any", of_version, REL_EQ), 0);
  };
  provide(package.name, package.version);
  // The graph has parsed every field: none can fail.
  if (const auto relations = parse_relations(package.provides, RelationField::provides))
    for (const Relation& relation : relations->flat()) provide(relation.name, relation.version);
  for (const Range group : graph.groups(id)) {
    ::Id any = 0;
    std::string text;
    const auto alternatives = graph.alternatives(group);
    // `a | b | c` is a | (b | c).
    for (auto at_end = alternatives.rbegin(); at_end != alternatives.rend(); ++at_end) {
      const ::Id one = intern(graph, *at_end);
      any = any == 0 ? one : pool_rel2id(pool_.get(), one, any, REL_OR, 1);
    }
    for (const RelationId alternative : alternatives)
      text.append(text.empty() ? "" : " | ").append(to_string(graph.relation(alternative)));
    texts_.try_emplace(any, std::move(text));
    required = repo_addid_dep(repo, required, any, 0);
  }
  for (const RelationId conflict : graph.conflicts(id))
    refused = repo_addid_dep(repo, refused, intern(graph, conflict), 0);

  ::Solvable* const solvable = pool_id2solvable(pool_.get(), at);
  solvable->name = name;
  solvable->evr = version;
  // One architecture is left; a change between it and `all` is no change.
  solvable->arch = ARCH_ALL;
  solvable->dep_provides = provided;
  solvable->dep_requires = required;
  solvable->dep_conflicts = refused;
}

::Id SolverPool::intern(std::string_view text) {
  return pool_strn2id(pool_.get(), text.data(), static_cast<unsigned int>(text.size()), 1);
}

::Id SolverPool::intern(std::string_view name, std::string_view version, int flags) {
  const ::Id id = intern(name);
  return version.empty() ? id : pool_rel2id(pool_.get(), id, intern(version), flags, 1);
}

::Id SolverPool::intern(const ArchiveGraph& graph, RelationId id) {
  const Relation& relation = graph.relation(id);
  std::string name(relation.name);
  if (relation.qualifier == "any" || (!relation.qualifier.empty() && graph.takers(id).empty()))
    name.append(":").append(relation.qualifier);
  const ::Id dependency = intern(name, relation.version, flags_of(relation.relation));
  texts_.try_emplace(dependency, to_string(relation));
  return dependency;
}

std::string SolverPool::describe(::Id dependency) const {
  const auto found = texts_.find(dependency);
  return found == texts_.end() ? pool_dep2str(pool_.get(), dependency) : found->second;
}

}  // namespace cogbuild::debian
