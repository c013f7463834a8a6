#include "solver.hpp"

#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

constexpr int kMaxRounds = 200;

// Metadata must be of the distribution that the file's name says; a local label may be missing.
Result<python::Metadata> read_metadata(const std::string& text, const python::PackageName& name,
                                       const python::Version& version) {
  TRY_ASSIGN(auto metadata, python::parse_metadata(text));
  if (metadata.name != name ||
      (metadata.version != version && metadata.version != version.without_local())) {
    return fail(
        Error(ErrorKind::integrity, fmt::format("its METADATA is of `{}` {}", metadata.name_text,
                                                to_string(metadata.version))));
  }
  return metadata;
}

bool same_choice(const Decision& a, const Decision& b) {
  if (a.selected.has_value() != b.selected.has_value()) return false;
  return a.selected ? a.selected->file.handle == b.selected->file.handle : a.reason == b.reason;
}

}  // namespace

std::map<python::PackageName, UserSide> user_sides(const std::vector<Root>& roots,
                                                   const std::vector<Root>& constraints) {
  std::map<python::PackageName, UserSide> sides;
  const auto add = [&sides](const Root& root, bool requested) {
    UserSide& side = sides[root.name];
    side.specifiers.add(root.specifiers);
    side.hashes.insert(side.hashes.end(), root.hashes.begin(), root.hashes.end());
    if (side.root == nullptr) side.root = &root;
    if (side.direct == nullptr && !root.direct.empty()) side.direct = &root;
    side.prereleases = side.prereleases || root.prereleases;
    side.requested = side.requested || requested;
  };
  for (const Root& root : roots) add(root, root.group == lock::Group::project);
  for (const Root& root : constraints) add(root, false);
  return sides;
}

Solver::Solver(DistributionSource& source, const python::Target& target)
    : source_(source),
      target_(target),
      tags_(python::TagList::of(target)),
      environment_(python::MarkerEnvironment::of(target)) {}

Result<const ProjectFiles*> Solver::files_of(const python::PackageName& name) {
  const auto known = projects_.find(name);
  if (known != projects_.end()) return &known->second;
  auto files = source_.files(name);
  if (!files) {
    return fail(std::move(files).error().during(fmt::format("looking for `{}`", to_string(name))));
  }
  return &projects_.emplace(name, ProjectFiles::of(name, *files)).first->second;
}

Result<SelectionResult> Solver::find(const python::PackageName& name, const Wanted& wanted) {
  TRY_ASSIGN(const ProjectFiles* files, files_of(name));
  return select(*files, wanted, tags_, target_);
}

Result<Decision> Solver::decide_direct(const python::PackageName& name, const UserSide& user) {
  const std::string& location = user.direct->direct;
  auto known = direct_.find(location);
  if (known == direct_.end()) {
    auto file = source_.direct(location);
    if (!file) return fail(std::move(file).error().at(user.direct->location));
    known = direct_.emplace(location, *std::move(file)).first;
  }
  const DistributionFile& file = known->second;
  Decision decision{.direct = true};
  const auto wheel = python::WheelName::parse(file.file_name);
  if (!wheel || wheel->name != name) {
    decision.reason = fmt::format("cannot be `{}`", file.file_name);
  } else if (!tags_.rank(*wheel)) {
    decision.reason = fmt::format("{} cannot be `{}`: that wheel is not for {}",
                                  to_string(wheel->version), file.file_name, describe(target_));
  } else {
    decision.selected = Selected{.version = wheel->version, .file = file};
  }
  return decision;
}

Result<Decision> Solver::decide(const python::PackageName& name, const Node& node,
                                const UserSide& user) {
  if (user.direct != nullptr) return decide_direct(name, user);
  Wanted wanted{
      .specifiers = user.specifiers, .hashes = user.hashes, .prereleases = user.prereleases};
  wanted.yanked = user.specifiers.clauses().size() == 1 && user.pinned();
  // A pin stands, whatever others want: what does not fit it is reported, not worked around.
  if (!user.pinned()) {
    for (const Want& want : node.wants) wanted.specifiers.add(want.specifiers);
  }
  TRY_ASSIGN(auto result, find(name, wanted));
  return Decision{.selected = std::move(result.selected), .reason = std::move(result.reason)};
}

Result<void> Solver::load_metadata(Decisions& decisions) {
  std::vector<DistributionFile> missing;
  for (const auto& [name, decision] : decisions) {
    if (decision.selected && !metadata_.contains(decision.selected->file.handle)) {
      missing.push_back(decision.selected->file);
    }
  }
  source_.prefetch_metadata(missing);
  for (auto& [name, decision] : decisions) {
    if (!decision.selected) continue;
    const DistributionFile& file = decision.selected->file;
    auto known = metadata_.find(file.handle);
    if (known == metadata_.end()) {
      auto text = source_.metadata(file);
      if (!text) {
        return fail(std::move(text).error().during(
            fmt::format("reading the metadata of `{}`", file.file_name)));
      }
      ReadMetadata read;
      if (auto metadata = read_metadata(*text, name, decision.selected->version)) {
        read.metadata = std::make_shared<const python::Metadata>(*std::move(metadata));
      } else {
        read.reason = fmt::format("{} cannot be used: {}", to_string(decision.selected->version),
                                  metadata.error().message());
      }
      known = metadata_.emplace(file.handle, std::move(read)).first;
    }
    decision.metadata = known->second.metadata;
    decision.reason = known->second.reason;
  }
  return {};
}

Result<Decisions> Solver::settle(const std::vector<Root>& roots,
                                 const std::vector<Root>& constraints,
                                 const Replacements& replacements) {
  const auto users = user_sides(roots, constraints);
  Decisions decisions;
  for (int round = 0; round < kMaxRounds; ++round) {
    const Closure closure = close(roots, decisions, replacements, environment_);
    std::vector<python::PackageName> unknown;
    for (const auto& [name, node] : closure) {
      const auto user = users.find(name);
      const bool direct = user != users.end() && user->second.direct != nullptr;
      if (!direct && !projects_.contains(name)) unknown.push_back(name);
    }
    source_.prefetch(unknown);

    Decisions next;
    bool changed = decisions.size() != closure.size();
    for (const auto& [name, node] : closure) {
      const auto user = users.find(name);
      TRY_ASSIGN(auto decision,
                 decide(name, node, user == users.end() ? UserSide{} : user->second));
      const auto before = decisions.find(name);
      changed = changed || before == decisions.end() || !same_choice(before->second, decision);
      next.emplace(name, std::move(decision));
    }
    if (!changed) return decisions;
    TRY(load_metadata(next));
    decisions = std::move(next);
  }
  return fail(Error(ErrorKind::unsatisfiable,
                    fmt::format("no choice of versions settles after {} rounds", kMaxRounds))
                  .hint("pin what cog and coglet need in the requirements"));
}

}  // namespace cogbuild::resolve
