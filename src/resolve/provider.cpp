#include "provider.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {

using pubgrub::Choice;
using pubgrub::Dependency;
using pubgrub::Package;
using pubgrub::Position;
using pubgrub::Reason;
using pubgrub::Rejection;
using pubgrub::VersionSet;

namespace {

// Source archives are whole downloads: after so many of one project that must be built, the others
// are taken to be alike.
constexpr std::size_t kMaxUnbuilt = 3;
// Versions of one package tried before more metadata is asked for at once, and how much.
constexpr int kTriesBeforeBatch = 5;
constexpr std::size_t kMaxBatch = 50;

VersionSet without(const VersionSet& set, const VersionSet& taken) {
  return set & taken.complement();
}

}  // namespace

ProjectProvider::ProjectProvider(Catalogue& catalogue, const Demands& demands)
    : catalogue_(catalogue), demands_(demands) {}

Package ProjectProvider::package_of(const python::PackageName& name, const std::string& extra) {
  // A project's own number comes first, so that it is decided before its extras.
  if (!extra.empty()) package_of(name, {});
  const auto [place, is_new] = numbers_.try_emplace({name, extra}, Package{0});
  if (is_new) {
    place->second = static_cast<Package>(projects_.size());
    projects_.push_back({name, extra});
  }
  return place->second;
}

Reason ProjectProvider::reason_for(const std::string& key, Cause cause) {
  const auto [place, is_new] = reasons_.try_emplace(key, static_cast<Reason>(causes_.size()));
  if (is_new) causes_.push_back(std::move(cause));
  return place->second;
}

Package ProjectProvider::group_of(Package package) const {
  if (package == pubgrub::kRoot || projects_[package].extra.empty()) return package;
  return numbers_.at({projects_[package].name, std::string()});
}

bool ProjectProvider::is_direct(Package package) const {
  if (package == pubgrub::kRoot) return false;
  const auto candidates = catalogue_.of(projects_[package].name);
  return candidates && (*candidates)->is_direct();
}

std::vector<Position> ProjectProvider::in_order(const python::PackageName& name,
                                                const Candidates& candidates,
                                                const VersionSet& allowed) const {
  const auto side = demands_.sides.find(name);
  const bool is_requested = side != demands_.sides.end() && side->second.requested;
  const bool lowest = demands_.resolution == Resolution::lowest ||
                      (demands_.resolution == Resolution::lowest_direct && is_requested);
  std::vector<Position> order = allowed.positions();
  if (!lowest) std::reverse(order.begin(), order.end());
  // Finals first, pre-releases once they are used up, unless they rank alike.
  const bool ranks_alike = demands_.all_releases.contains(name) ||
                           (side != demands_.sides.end() && side->second.prereleases);
  if (!ranks_alike)
    std::stable_partition(order.begin(), order.end(), [&](Position position) {
      return !candidates.versions()[position].is_prerelease();
    });
  const auto kept = demands_.kept.find(name);
  if (kept != demands_.kept.end())
    std::stable_partition(order.begin(), order.end(), [&](Position position) {
      return candidates.versions()[position] == kept->second;
    });
  return order;
}

ProjectProvider::Pick ProjectProvider::pick(const python::PackageName& name, Candidates& candidates,
                                            const VersionSet& allowed) const {
  Pick pick;
  const auto refuse = [&](Position position, const std::string& reason) {
    pick.unusable.try_emplace(reason, candidates.size()).first->second.insert(position);
  };
  const auto unbuilt = unbuilt_.find(name);
  const bool no_sources = unbuilt != unbuilt_.end() && unbuilt->second.size() >= kMaxUnbuilt;
  std::optional<Position> source;
  for (const Position position : in_order(name, candidates, allowed)) {
    const python::Version& version = candidates.versions()[position];
    if (version.is_prerelease() && demands_.only_final.contains(name)) {
      refuse(position, "is a pre-release, and only finals count");
      continue;
    }
    const Candidate& candidate = candidates.at(position);
    if (!candidate.file) {
      refuse(position, candidate.reason);
    } else if (candidate.is_source() && no_sources) {
      refuse(position, "must be built, as newer versions must");
    } else if (candidate.is_source() && demands_.prefer_binary) {
      if (!source) source = position;
    } else {
      pick.position = position;
      break;
    }
  }
  if (!pick.position) pick.position = source;
  return pick;
}

Result<std::optional<Position>> ProjectProvider::best(const python::PackageName& name,
                                                      const VersionSet& allowed) {
  TRY_ASSIGN(Candidates * candidates, catalogue_.of(name));
  return pick(name, *candidates, allowed).position;
}

Result<Choice> ProjectProvider::choose(Package package, const VersionSet& allowed,
                                       std::span<const std::optional<Position>> decided) {
  if (package == pubgrub::kRoot) return Choice{.position = Position{0}};
  const auto [name, extra] = projects_[package];
  if (!extra.empty()) {
    const Package base = group_of(package);
    if (base < decided.size() && decided[base] && allowed.contains(*decided[base]))
      return Choice{.position = decided[base]};
  }
  TRY_ASSIGN(Candidates * candidates, catalogue_.of(name));
  Choice choice;
  VersionSet left = allowed;
  for (const Root& constraint : demands_.constraints) {
    if (constraint.name != name || constraint.specifiers.empty()) continue;
    const VersionSet within = candidates->within(constraint.specifiers);
    if (left.is_subset_of(within)) continue;
    choice.rejections.push_back(
        {.versions = without(VersionSet::all_versions(candidates->size()), within),
         .reason = reason_for(fmt::format("constraint {}", static_cast<const void*>(&constraint)),
                              {.kind = Cause::Kind::constraint, .root = &constraint})});
    left = left & within;
  }
  Pick picked = pick(name, *candidates, left);
  choice.position = picked.position;
  for (auto& [text, versions] : picked.unusable)
    choice.rejections.push_back(
        {.versions = std::move(versions),
         .reason = reason_for(fmt::format("unusable {} {}", to_string(name), text),
                              {.kind = Cause::Kind::unusable, .text = text})});
  if (choice.position && ++tried_[package] >= kTriesBeforeBatch) prefetch_next(package, left);
  return choice;
}

// Metadata of the versions that come next if this one fails as those before it did.
void ProjectProvider::prefetch_next(Package package, const VersionSet& allowed) {
  const int tried = tried_[package];
  const bool is_time = tried == 5 || tried == 10 || tried % 20 == 0;
  const python::PackageName& name = projects_[package].name;
  const auto candidates = catalogue_.of(name);
  if (!is_time || !candidates) return;
  std::vector<DistributionFile> files;
  for (const Position position : in_order(name, **candidates, allowed)) {
    if (files.size() == std::min(kMaxBatch, static_cast<std::size_t>(tried) * 2)) break;
    const Candidate& candidate = (*candidates)->at(position);
    if (candidate.file && !candidate.is_source() && !catalogue_.has_metadata(*candidate.file))
      files.push_back(*candidate.file);
  }
  catalogue_.source().prefetch_metadata(files);
}

Rejection ProjectProvider::reject(Package package, std::size_t count, Position position,
                                  std::string text, bool must_be_built) {
  const auto key = fmt::format("unusable {} {}", to_string(projects_[package].name), text);
  return {.versions = VersionSet::only(count, position),
          .reason = reason_for(key, {.kind = Cause::Kind::unusable,
                                     .text = std::move(text),
                                     .must_be_built = must_be_built})};
}

Result<void> ProjectProvider::add_dependencies(std::vector<Dependency>& dependencies,
                                               const Need& need, Reason reason) {
  TRY_ASSIGN(Candidates * candidates, catalogue_.of(need.name));
  const VersionSet allowed = candidates->within(need.specifiers);
  const bool pinned = need.specifiers.pin() != nullptr;
  dependencies.push_back({package_of(need.name, {}), allowed, reason, pinned});
  for (const auto& extra : need.extras)
    dependencies.push_back({package_of(need.name, extra), allowed, reason, pinned});
  return {};
}

Result<ProjectProvider::Answer> ProjectProvider::root_dependencies() {
  std::vector<python::PackageName> names;
  for (const Root& root : demands_.roots)
    if (!catalogue_.has(root.name)) names.push_back(root.name);
  catalogue_.source().prefetch(names);
  std::vector<Dependency> dependencies;
  for (const Root& root : demands_.roots) {
    Need need{.name = root.name, .extras = root.extras, .specifiers = root.specifiers};
    need.asked_as = root.asked_as;
    if (const auto found = demands_.reading.overrides.find(root.name);
        found != demands_.reading.overrides.end()) {
      if (found->second == nullptr) continue;
      need.specifiers = found->second->specifiers;
      need.overridden_by = found->second;
    }
    const Reason reason = reason_for(fmt::format("root {}", static_cast<const void*>(&root)),
                                     {.kind = Cause::Kind::root, .root = &root, .need = need});
    TRY(add_dependencies(dependencies, need, reason));
  }
  return dependencies;
}

Result<std::variant<std::vector<Dependency>, Rejection>> ProjectProvider::dependencies(
    Package package, Position position) {
  if (package == pubgrub::kRoot) return root_dependencies();
  const auto [name, extra] = projects_[package];
  TRY_ASSIGN(Candidates * candidates, catalogue_.of(name));
  const std::size_t count = candidates->size();
  TRY_ASSIGN(const ReadMetadata* read, catalogue_.metadata(name, position));
  if (!read->metadata) {
    if (read->must_be_built && extra.empty()) unbuilt_[name].push_back(position);
    return reject(package, count, position, read->reason, read->must_be_built);
  }
  if (const auto& python = read->metadata->requires_python;
      python && !meets_lower_bound(*python, catalogue_.rules().target.python))
    return reject(package, count, position,
                  fmt::format("needs Python {}, but the target has {}", to_string(*python),
                              to_string(catalogue_.rules().target.python)));

  const std::vector<Need> needs = needs_of(*read->metadata, extra, demands_.reading);
  std::vector<python::PackageName> unknown;
  for (const Need& need : needs)
    if (!catalogue_.has(need.name)) unknown.push_back(need.name);
  catalogue_.source().prefetch(unknown);

  std::vector<Dependency> dependencies;
  const VersionSet itself = VersionSet::only(count, position);
  if (!extra.empty())
    dependencies.push_back(
        {group_of(package), itself,
         reason_for(fmt::format("same {}", package), {.kind = Cause::Kind::same}), false});
  for (const Need& need : needs) {
    if (need.name == name) {
      // Its own extras at its own version; what else it says of itself must simply hold.
      if (!need.specifiers.contains(candidates->versions()[position]))
        return reject(package, count, position,
                      fmt::format("requires another version of itself, `{}{}`", to_string(name),
                                  to_string(need.specifiers)));
      for (const auto& other : need.extras)
        if (other != extra)
          dependencies.push_back(
              {package_of(name, other), itself,
               reason_for(fmt::format("same {}", package), {.kind = Cause::Kind::same}), false});
      continue;
    }
    TRY_ASSIGN(Candidates * needed, catalogue_.of(need.name));
    if (need.by_url && !needed->is_direct())
      return reject(package, count, position,
                    fmt::format("names a URL for `{}`, which a distribution of an index must not",
                                to_string(need.name)));
    const auto key = fmt::format("need {} {}{} {}", package, to_string(need.name),
                                 to_string(need.specifiers), need.asked_as);
    TRY(add_dependencies(dependencies, need,
                         reason_for(key, {.kind = Cause::Kind::need, .need = need})));
  }
  return dependencies;
}

void ProjectProvider::prepare(const std::vector<pubgrub::Open>& undecided) {
  std::vector<DistributionFile> files;
  for (const auto& [package, allowed] : undecided) {
    if (package == pubgrub::kRoot || !projects_[package].extra.empty()) continue;
    const std::size_t left = allowed->size();
    const auto [place, is_new] = prepared_.try_emplace(package, left);
    if (!is_new && place->second == left) continue;
    place->second = left;
    const auto candidates = catalogue_.of(projects_[package].name);
    if (!candidates) continue;
    const auto position = pick(projects_[package].name, **candidates, *allowed).position;
    if (!position) continue;
    const Candidate& candidate = (*candidates)->at(*position);
    if (!candidate.is_source() && !catalogue_.has_metadata(*candidate.file))
      files.push_back(*candidate.file);
  }
  if (!files.empty()) catalogue_.source().prefetch_metadata(files);
}

}  // namespace cogbuild::resolve
