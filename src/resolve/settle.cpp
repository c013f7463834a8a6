#include "settle.hpp"

#include "crawl.hpp"
#include "explain.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/file_version.hpp>
#include <cogbuild/python/metadata.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

// Each piece of advice is a resolution of its own.
constexpr std::size_t kMaxAdvice = 4;

Result<void> add_direct(Catalogue& catalogue, const Demands& demands) {
  for (const auto* list : {&demands.roots, &demands.constraints})
    for (const Root& root : *list)
      if (!root.direct.empty() && !catalogue.has(root.name)) TRY(catalogue.add_direct(root));
  for (const auto& [name, root] : demands.reading.overrides)
    if (root != nullptr && !root->direct.empty()) TRY(catalogue.add_direct(*root));
  return {};
}

Error combine(std::vector<Error> problems, const python::Target& target) {
  if (problems.size() == 1) return std::move(problems.front());
  Error all(ErrorKind::unsatisfiable,
            fmt::format("the Python requirements cannot be locked for {}: {} problems",
                        describe(target), problems.size()));
  for (Error& problem : problems) all = std::move(all).also(std::move(problem));
  return all;
}

Result<Decisions> to_decisions(const pubgrub::Solution& solution, const ProjectProvider& provider) {
  Decisions decisions;
  for (const auto& [package, position] : solution) {
    const auto& project = provider.project(package);
    if (!project.extra.empty()) continue;
    TRY_ASSIGN(Candidates * candidates, provider.catalogue().of(project.name));
    TRY_ASSIGN(const ReadMetadata* read, provider.catalogue().metadata(project.name, position));
    TRY_ASSIGN(const std::string fields, python::metadata_fields(read->text));
    const DistributionFile& file = *candidates->at(position).file;
    // Files of one release may spell the version differently (1.0 and 1.0.0): the chosen one
    // counts.
    auto version = python::file_version(project.name, file.file_name);
    decisions.emplace(
        project.name,
        Decision{.selected = Selected{.version = version ? *std::move(version)
                                                         : candidates->versions()[position],
                                      .file = file},
                 .direct = candidates->is_direct(),
                 .metadata = read->metadata,
                 .metadata_digest = to_string(digest::digest_of(fields))});
  }
  return decisions;
}

// Two places for one distribution, found before either is fetched.
Result<void> check_directs(const Demands& demands) {
  std::map<python::PackageName, const Root*> directs;
  for (const Root& root : demands.roots) {
    if (root.direct.empty()) continue;
    const auto [place, is_new] = directs.try_emplace(root.name, &root);
    if (!is_new && place->second->direct != root.direct)
      return fail(Error(ErrorKind::unsatisfiable,
                        fmt::format("`{}` contradicts `{}` at {}", describe(root),
                                    describe(*place->second), resolve::place(*place->second)))
                      .at(root.location));
  }
  return {};
}

// What a user's line would have to say for everything to fit: without its bounds, the rest is
// solved again.
std::vector<std::string> advice(DistributionSource& source, const FileRules& rules,
                                const Demands& demands, const std::vector<const Root*>& lines) {
  std::vector<std::string> hints;
  std::vector<Root> overrides;
  for (const auto& [name, root] : demands.reading.overrides)
    if (root != nullptr) overrides.push_back(*root);
  for (const Root* line : lines) {
    if (hints.size() == kMaxAdvice) break;
    if (line->specifiers.empty() || !line->direct.empty()) continue;
    std::vector<Root> roots = demands.roots;
    for (Root& root : roots)
      if (root.name == line->name && root.location == line->location) root.specifiers = {};
    const auto sides = user_sides(roots, demands.constraints, overrides);
    const Demands changed{.roots = roots,
                          .constraints = demands.constraints,
                          .sides = sides,
                          .reading = demands.reading,
                          .kept = demands.kept,
                          .resolution = demands.resolution,
                          .prefer_binary = demands.prefer_binary,
                          .all_releases = demands.all_releases,
                          .only_final = demands.only_final};
    Catalogue catalogue(source, rules, sides, demands.kept);
    if (!add_direct(catalogue, changed)) continue;
    ProjectProvider provider(catalogue, changed);
    const auto outcome = pubgrub::solve(provider);
    const auto* solution = outcome ? std::get_if<pubgrub::Solution>(&*outcome) : nullptr;
    if (solution == nullptr) continue;
    const auto decisions = to_decisions(*solution, provider);
    if (!decisions) continue;
    const auto found = decisions->find(line->name);
    if (found == decisions->end() || !found->second.selected) continue;
    const std::string& name = line->asked_as.empty() ? to_string(line->name) : line->asked_as;
    hints.push_back(fmt::format("{}: with `{}=={}` everything fits", place(*line), name,
                                to_string(found->second.selected->version)));
  }
  return hints;
}

// What was chosen instead is valid, and yet not what a reader of the index would expect.
void warn_of_unbuilt(const ProjectProvider& provider, progress::Reporter& reporter) {
  for (const auto& [name, positions] : provider.unbuilt()) {
    const auto candidates = provider.catalogue().of(name);
    if (!candidates) continue;
    pubgrub::VersionSet versions((*candidates)->size());
    for (const auto position : positions) versions.insert(position);
    reporter.warn(
        fmt::format("`{}` {} and what needs it was passed over: only a build could tell "
                    "what it requires, and building from source is not available yet",
                    to_string(name), in_words(versions, (*candidates)->versions())));
  }
}

}  // namespace

Result<Decisions> settle(DistributionSource& source, const FileRules& rules, const Demands& demands,
                         progress::Reporter& reporter) {
  TRY(check_directs(demands));
  Catalogue catalogue(source, rules, demands.sides, demands.kept);
  TRY(add_direct(catalogue, demands));
  ProjectProvider provider(catalogue, demands);
  crawl(provider);
  TRY_ASSIGN(auto hopeless, find_hopeless_roots(provider));
  if (!hopeless.empty()) return fail(combine(std::move(hopeless), rules.target));
  TRY_ASSIGN(const auto outcome, pubgrub::solve(provider));
  if (const auto* solution = std::get_if<pubgrub::Solution>(&outcome)) {
    TRY_ASSIGN(auto decisions, to_decisions(*solution, provider));
    warn_of_unbuilt(provider, reporter);
    return decisions;
  }
  Explanation explanation = explain(std::get<pubgrub::Failure>(outcome), provider);
  Error error = std::move(explanation.error);
  for (auto& hint : advice(source, rules, demands, explanation.lines))
    error = std::move(error).hint(std::move(hint));
  return fail(std::move(error));
}

}  // namespace cogbuild::resolve
