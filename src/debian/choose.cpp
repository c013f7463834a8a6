#include "archive_graph.hpp"
#include "find_wish.hpp"
#include "prove.hpp"
#include "quoted.hpp"
#include "walk.hpp"

#include <cogbuild/debian/choose.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace cogbuild::debian {
namespace {

// The errors of one call: the first, with the others in it.
class Errors {
 public:
  void add(Error error) {
    first_ = first_ ? std::move(*first_).also(std::move(error)) : std::move(error);
  }
  [[nodiscard]] Result<void> result() && {
    if (!first_) return {};
    return fail(*std::move(first_));
  }

 private:
  std::optional<Error> first_{};
};

// What the wishes mean. A package that several mean counts once, for the first of them.
struct Roots {
  std::vector<Candidate> candidates{};
  std::vector<const Wish*> wishes{};  // of the same length
};

Error located(Error error, const Wish& wish) {
  return wish.location.file.empty() ? std::move(error) : std::move(error).at(wish.location);
}

Result<Roots> find_roots(const Choosing& choosing, Choice& choice) {
  Roots roots;
  Errors errors;
  for (const Wish& wish : choosing.wishes) {
    auto found = find_wish(choosing.index, choosing.installed, wish);
    if (!found) {
      errors.add(located(std::move(found).error(), wish));
      continue;
    }
    if (!found->note.empty()) choice.notes.push_back(std::move(found->note));
    if (!found->warning.empty()) choice.warnings.push_back(std::move(found->warning));
    if (found->candidate.package == nullptr) continue;
    if (std::find(roots.candidates.begin(), roots.candidates.end(), found->candidate) !=
        roots.candidates.end())
      continue;
    roots.candidates.push_back(found->candidate);
    roots.wishes.push_back(&wish);
  }
  TRY(std::move(errors).result());
  return roots;
}

std::string name_wishes(const Roots& roots, const std::vector<std::size_t>& which) {
  std::vector<std::string> names;
  for (const std::size_t i : which) names.push_back(quoted(to_string(*roots.wishes[i])));
  if (names.size() == 1) return names.front() + " cannot be installed";
  const std::string last = names.back();
  names.pop_back();
  return fmt::format("{} and {} cannot be installed together", fmt::join(names, ", "), last);
}

Error unsatisfiable(const Roots& roots, const Contradiction& contradiction) {
  Error error(ErrorKind::unsatisfiable, contradiction.roots.empty()
                                            ? "the installed packages contradict each other"
                                            : name_wishes(roots, contradiction.roots));
  for (const std::string& reason : contradiction.reasons) error = std::move(error).tell(reason);
  if (contradiction.roots.empty()) return error;
  return located(std::move(error), *roots.wishes[contradiction.roots.front()]);
}

}  // namespace

Result<Choice> choose(const Choosing& choosing) {
  Choice choice;
  TRY_ASSIGN(const Roots roots, find_roots(choosing, choice));
  if (roots.candidates.empty()) return choice;

  TRY_ASSIGN(const auto graph,
             ArchiveGraph::reach(choosing.index, choosing.installed, roots.candidates));
  std::vector<OfferId> ids;
  for (const Candidate& candidate : roots.candidates) ids.push_back(graph.find(candidate.package));
  const auto proposed = walk(graph, ids);
  const Proof proof = prove(graph, ids, proposed);
  Errors errors;
  for (const Contradiction& contradiction : proof.contradictions)
    errors.add(unsatisfiable(roots, contradiction));
  TRY(std::move(errors).result());

  // What the walk wanted for a path that the proof did not go is left in it, needed by nothing.
  const auto chosen = needed(graph, ids, proof.packages);
  for (const OfferId id : chosen) choice.packages.push_back(graph[id].candidate);
  for (const OfferId id : proposed)
    if (std::find(chosen.begin(), chosen.end(), id) == chosen.end())
      choice.dropped.push_back(
          fmt::format("{} {}", graph.package(id).name, graph.package(id).version));
  std::sort(choice.dropped.begin(), choice.dropped.end());
  return choice;
}

}  // namespace cogbuild::debian
