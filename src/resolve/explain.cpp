#include "explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace cogbuild::resolve {

using pubgrub::Incompatibility;
using pubgrub::Package;
using pubgrub::VersionSet;

namespace {

// A story is read by a person: what exceeds this is counted.
constexpr std::size_t kMaxLines = 14;
constexpr std::size_t kMaxRuns = 4;
constexpr std::size_t kMaxAlike = 4;

std::string newest(const std::vector<python::Version>& versions) {
  constexpr std::size_t kMaxListed = 5;
  std::vector<std::string> shown;
  for (auto version = versions.rbegin(); version != versions.rend() && shown.size() < kMaxListed;
       ++version)
    shown.push_back(to_string(*version));
  return fmt::format("{}", fmt::join(shown, ", "));
}

// Why no version at all answers a requirement; empty: some do.
std::string nothing_answers(const Candidates& candidates, const python::SpecifierSet& specifiers) {
  if (candidates.size() == 0) return "is on none of the package indexes";
  if (!candidates.within(specifiers).is_empty()) return {};
  if (candidates.is_direct())
    return fmt::format("is {} by its URL or path", to_string(candidates.versions().front()));
  return fmt::format("has no version `{}` (newest: {})", to_string(specifiers),
                     newest(candidates.versions()));
}

std::string needed(const Need& need) {
  std::string text = need.asked_as.empty() ? to_string(need.name) : need.asked_as;
  if (!need.extras.empty()) text += fmt::format("[{}]", fmt::join(need.extras, ","));
  text += to_string(need.specifiers);
  text = fmt::format("`{}`", text);
  if (!need.asked_as.empty()) text += fmt::format(" (as {})", to_string(need.name));
  return text;
}

// Each underived fact of the derivation once, in the order in which it is used.
std::vector<const Incompatibility*> facts_of(const pubgrub::Failure& failure) {
  std::vector<const Incompatibility*> facts;
  std::set<std::size_t> seen;
  std::vector<std::size_t> stack{failure.conflict};
  while (!stack.empty()) {
    const std::size_t id = stack.back();
    stack.pop_back();
    if (!seen.insert(id).second) continue;
    const Incompatibility& each = failure.incompatibilities[id];
    if (each.cause == Incompatibility::Cause::derived) {
      stack.push_back(each.right);
      stack.push_back(each.left);
    } else if (each.cause == Incompatibility::Cause::dependency ||
               each.cause == Incompatibility::Cause::rejection) {
      facts.push_back(&each);
    }
  }
  return facts;
}

class Story {
 public:
  Story(const pubgrub::Failure& failure, const ProjectProvider& provider)
      : provider_(provider), facts_(facts_of(failure)) {
    for (const auto* fact : facts_) {
      const Cause& cause = provider_.cause(fact->reason);
      if (cause.kind == Cause::Kind::root) add_line(cause.root, cause.need);
      if (cause.kind == Cause::Kind::constraint) limit(cause.root->name, cause.root->specifiers);
    }
    // Who needs what comes before what cannot be installed.
    std::stable_partition(facts_.begin(), facts_.end(), [this](const auto* fact) {
      return provider_.cause(fact->reason).kind != Cause::Kind::unusable;
    });
    std::sort(lines_.begin(), lines_.end(), [](const Root* a, const Root* b) {
      return std::tie(a->location.file, a->location.line, a->location.column) <
             std::tie(b->location.file, b->location.line, b->location.column);
    });
  }

  Explanation tell() {
    if (auto clash = clashing_lines()) return {.error = *std::move(clash), .lines = lines_};
    std::vector<std::string> story;
    for (const Root* line : lines_) {
      std::string text = fmt::format("{} wants `{}`", place(*line), describe(*line));
      if (const auto problem = problem_of(line->name, line->specifiers); !problem.empty())
        text += fmt::format(", but {} {}", to_string(line->name), problem);
      story.push_back(std::move(text));
    }
    tell_facts(story);
    Error error(ErrorKind::unsatisfiable,
                fmt::format("no versions fit the requirements for {}",
                            python::describe(provider_.catalogue().rules().target)));
    if (!lines_.empty() && !lines_.front()->location.file.empty())
      error = std::move(error).at(lines_.front()->location);
    for (std::size_t n = 0; n < std::min(story.size(), kMaxLines); ++n)
      error = std::move(error).tell(std::move(story[n]));
    if (story.size() > kMaxLines)
      error = std::move(error).tell(fmt::format("and {} more facts", story.size() - kMaxLines));
    for (const auto& name : unbuilt())
      error = std::move(error).hint(fmt::format(
          "building from source is not available yet: name a wheel of `{}` by path or URL, or a "
          "place of wheels by --find-links",
          name));
    return {.error = std::move(error), .lines = lines_};
  }

 private:
  void add_line(const Root* root, const Need& need) {
    if (std::find(lines_.begin(), lines_.end(), root) == lines_.end()) lines_.push_back(root);
    limit(need.name, need.specifiers);
  }

  // What lies outside of the user's own bounds is no news to him.
  void limit(const python::PackageName& name, const python::SpecifierSet& specifiers) {
    const auto candidates = provider_.catalogue().of(name);
    if (!candidates) return;
    const VersionSet within = (*candidates)->within(specifiers);
    const auto [place, is_new] = bounds_.try_emplace(name, within);
    if (!is_new && !(place->second & within).is_empty()) place->second = place->second & within;
  }

  std::string problem_of(const python::PackageName& name,
                         const python::SpecifierSet& specifiers) const {
    const auto candidates = provider_.catalogue().of(name);
    return candidates ? nothing_answers(**candidates, specifiers) : std::string();
  }

  // Two lines on one project that no version fulfils together.
  std::optional<Error> clashing_lines() const {
    if (lines_.size() != 2 || facts_.size() != 2 || lines_[0]->name != lines_[1]->name)
      return std::nullopt;
    return Error(ErrorKind::unsatisfiable,
                 fmt::format("`{}` contradicts `{}` at {}", describe(*lines_[1]),
                             describe(*lines_[0]), place(*lines_[0])))
        .at(lines_[1]->location);
  }

  // What several facts say alike of versions of one project is one line.
  struct Said {
    const Cause* cause = nullptr;
    python::PackageName name{};
    std::string extra{};
    VersionSet versions{};
  };

  std::vector<Said> merged_facts() const {
    std::vector<Said> merged;
    for (const auto* fact : facts_) {
      const Cause& cause = provider_.cause(fact->reason);
      if (cause.kind == Cause::Kind::root || cause.kind == Cause::Kind::same) continue;
      const auto& project = provider_.project(fact->terms.front().package);
      VersionSet versions = fact->terms.front().set;
      if (const auto bound = bounds_.find(project.name); bound != bounds_.end())
        versions = versions & bound->second;
      const auto same = std::find_if(merged.begin(), merged.end(), [&](const Said& said) {
        if (said.cause->kind != cause.kind || said.name != project.name) return false;
        if (cause.kind == Cause::Kind::constraint) return said.cause == &cause;
        if (cause.kind == Cause::Kind::unusable) return said.cause->text == cause.text;
        return said.extra == project.extra && needed(said.cause->need) == needed(cause.need);
      });
      if (same == merged.end())
        merged.push_back({&cause, project.name, project.extra, std::move(versions)});
      else
        same->versions = same->versions | versions;
    }
    std::erase_if(merged, [](const Said& said) {
      return said.cause->kind != Cause::Kind::constraint && said.versions.is_empty();
    });
    return merged;
  }

  void tell_facts(std::vector<std::string>& story) {
    const std::vector<Said> facts = merged_facts();
    std::map<std::pair<python::PackageName, python::PackageName>, std::size_t> of_pair;
    for (const Said& fact : facts)
      if (fact.cause->kind == Cause::Kind::need) ++of_pair[{fact.name, fact.cause->need.name}];
    std::map<std::pair<python::PackageName, python::PackageName>, std::size_t> told;
    for (const Said& fact : facts) {
      if (fact.cause->kind == Cause::Kind::need) {
        const auto pair = std::pair(fact.name, fact.cause->need.name);
        const std::size_t all = of_pair.at(pair);
        const std::size_t number = ++told[pair];
        if (all > kMaxAlike && number == kMaxAlike)
          story.push_back(
              fmt::format("{} more groups of versions of `{}` need other versions of `{}`, too",
                          all - number + 1, to_string(pair.first), to_string(pair.second)));
        if (all > kMaxAlike && number >= kMaxAlike) continue;
      }
      once(in_a_sentence(fact), story);
    }
  }

  std::string in_a_sentence(const Said& fact) const {
    const Cause& cause = *fact.cause;
    if (cause.kind == Cause::Kind::constraint)
      return fmt::format("{} allows only `{}`", place(*cause.root), describe(*cause.root));
    const auto candidates = provider_.catalogue().of(fact.name);
    const std::string name = fact.extra.empty()
                                 ? to_string(fact.name)
                                 : fmt::format("{}[{}]", to_string(fact.name), fact.extra);
    const bool is_one = fact.versions.size() == 1;
    std::string text = fmt::format("`{}`", name);
    if (candidates) text += fmt::format(" {}", in_words(fact.versions, (*candidates)->versions()));
    if (cause.kind == Cause::Kind::unusable)
      return fmt::format("{}{} {}", text, is_one ? "" : ":", cause.text);
    text += fmt::format(" {} {}", is_one ? "needs" : "need", needed(cause.need));
    if (cause.need.overridden_by != nullptr)
      text += fmt::format(" (by the override at {})", place(*cause.need.overridden_by));
    if (const auto problem = problem_of(cause.need.name, cause.need.specifiers); !problem.empty())
      text += fmt::format(", but {} {}", to_string(cause.need.name), problem);
    return text;
  }

  // Sources that would have to be built, so that the reader knows what helps.
  std::vector<std::string> unbuilt() const {
    std::set<std::string> names;
    for (const auto* fact : facts_)
      if (provider_.cause(fact->reason).must_be_built)
        names.insert(to_string(provider_.project(fact->terms.front().package).name));
    return {names.begin(), names.end()};
  }

  // An extra and its project say many things twice.
  static void once(std::string text, std::vector<std::string>& story) {
    if (std::find(story.begin(), story.end(), text) == story.end())
      story.push_back(std::move(text));
  }

  const ProjectProvider& provider_;
  std::vector<const Incompatibility*> facts_;
  std::vector<const Root*> lines_{};
  std::map<python::PackageName, VersionSet> bounds_{};
};

Error hopeless(const Root& root, Candidates& candidates, const VersionSet& allowed) {
  const auto at_line = [&root](std::string message) {
    Error error(ErrorKind::unsatisfiable, std::move(message));
    return root.location.file.empty() ? error : std::move(error).at(root.location);
  };
  const std::string& name = to_string(root.name);
  if (const auto problem = nothing_answers(candidates, root.specifiers); !problem.empty())
    return at_line(fmt::format("`{}` {}", name, problem));
  std::map<std::string, VersionSet> reasons;
  for (const auto position : allowed.positions())
    reasons.try_emplace(candidates.at(position).reason, candidates.size())
        .first->second.insert(position);
  const auto& versions = candidates.versions();
  if (reasons.size() == 1)
    return at_line(fmt::format("`{}` {}{} {}", name, in_words(allowed, versions),
                               allowed.size() == 1 ? "" : ":", reasons.begin()->first));
  Error error = at_line(fmt::format("no version of `{}` can be used", describe(root)));
  for (const auto& [reason, positions] : reasons)
    error = std::move(error).tell(fmt::format("{}{} {}", in_words(positions, versions),
                                              positions.size() == 1 ? "" : ":", reason));
  return error;
}

}  // namespace

std::string in_words(const VersionSet& set, const std::vector<python::Version>& versions) {
  const auto positions = set.positions();
  struct Run {
    pubgrub::Position from = 0;
    pubgrub::Position to = 0;
  };
  std::vector<Run> runs;
  for (const auto position : positions) {
    if (!runs.empty() && runs.back().to + 1 == position)
      runs.back().to = position;
    else
      runs.push_back({position, position});
  }
  const bool all = positions.size() == versions.size() && positions.size() > 2;
  if (all) return fmt::format("in all its {} versions", versions.size());
  std::vector<std::string> parts;
  for (const auto& [from, to] : runs) {
    if (parts.size() == kMaxRuns) break;
    const auto first = to_string(versions[from]);
    const auto last = to_string(versions[to]);
    if (from == to)
      parts.push_back(first);
    else if (from + 1 == to)
      parts.insert(parts.end(), {first, last});
    else
      parts.push_back(fmt::format("{} to {}", first, last));
  }
  std::string text;
  for (std::size_t n = 0; n < parts.size(); ++n)
    text += (n == 0                                             ? ""
             : n + 1 == parts.size() && runs.size() <= kMaxRuns ? " and "
                                                                : ", ") +
            parts[n];
  if (runs.size() > kMaxRuns) text += ", …";
  if (positions.size() > 4) text += fmt::format(" ({} versions)", positions.size());
  return text;
}

Explanation explain(const pubgrub::Failure& failure, const ProjectProvider& provider) {
  return Story(failure, provider).tell();
}

Result<std::vector<Error>> find_hopeless_roots(ProjectProvider& provider) {
  std::vector<Error> found;
  for (const Root& root : provider.demands().roots) {
    if (provider.demands().reading.overrides.contains(root.name)) continue;
    TRY_ASSIGN(Candidates * candidates, provider.catalogue().of(root.name));
    const VersionSet allowed = candidates->within(root.specifiers);
    TRY_ASSIGN(const auto best, provider.best(root.name, allowed));
    if (!best) found.push_back(hopeless(root, *candidates, allowed));
  }
  return found;
}

}  // namespace cogbuild::resolve
