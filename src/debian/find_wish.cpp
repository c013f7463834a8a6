#include "find_wish.hpp"

#include "quoted.hpp"

#include <cogbuild/debian/successors.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cogbuild::debian {
namespace {

std::string listed(std::span<const std::string> names) {
  std::string text;
  for (const std::string& name : names) text.append(text.empty() ? "" : ", ").append(quoted(name));
  return text;
}

class Finder {
 public:
  Finder(const PackageIndex& index, std::span<const Package> installed)
      : index_(index), installed_(installed) {}

  Result<FoundWish> find(const Wish& wish) const {
    const Package* const present = find_installed(wish.name);
    if (present != nullptr || !index_.candidates(wish.name).empty())
      return find_version(wish, present);
    const auto providers = provider_names(wish.name);
    if (!providers.empty()) return find_provider(wish, providers);
    if (is_provided_by_installed(wish.name)) return FoundWish{};
    return find_successor_of(wish);
  }

 private:
  [[nodiscard]] const Package* find_installed(std::string_view name) const {
    const auto found =
        std::find_if(installed_.begin(), installed_.end(), [&](const Package& package) {
          return package.name == name &&
                 (package.architecture == index_.architecture() || package.architecture == "all");
        });
    return found == installed_.end() ? nullptr : &*found;
  }

  [[nodiscard]] bool is_provided_by_installed(std::string_view name) const {
    return std::any_of(installed_.begin(), installed_.end(), [&](const Package& package) {
      if (package.provides.empty()) return false;
      const auto provided = parse_relations(package.provides, RelationField::provides);
      return provided && std::any_of(provided->flat().begin(), provided->flat().end(),
                                     [&](const Relation& one) { return one.name == name; });
    });
  }

  // Of their candidates alone: what an older version provided does not count.
  [[nodiscard]] std::vector<std::string> provider_names(std::string_view name) const {
    std::vector<std::string> names;
    for (const Provider& provider : index_.providers(name)) {
      const Package& package = *provider.candidate.package;
      if (index_.candidates(package.name).front().package != &package) continue;
      if (names.empty() || names.back() != package.name) names.emplace_back(package.name);
    }
    return names;
  }

  [[nodiscard]] Result<FoundWish> find_version(const Wish& wish, const Package* present) const {
    const auto offered = index_.candidates(wish.name);
    if (!wish.suite.empty()) return find_in_suite(wish);
    if (!wish.version.empty()) {
      if (present != nullptr && compare_versions(present->version, wish.version) == 0)
        return FoundWish{.candidate = {.package = present}};
      for (const Candidate& candidate : offered)
        if (compare_versions(candidate.package->version, wish.version) == 0)
          return FoundWish{.candidate = candidate};
      return fail(Error(ErrorKind::config, fmt::format("{} has no version {}", quoted(wish.name),
                                                       quoted(wish.version)))
                      .hint(versions_there_are(wish.name, present)));
    }
    if (present != nullptr &&
        (present->held || offered.empty() ||
         compare_versions(present->version, offered.front().package->version) >= 0))
      return FoundWish{.candidate = {.package = present}};
    return FoundWish{.candidate = offered.front()};
  }

  [[nodiscard]] std::string versions_there_are(std::string_view name,
                                               const Package* present) const {
    std::vector<std::string> versions;
    for (const Candidate& candidate : index_.candidates(name))
      versions.push_back(fmt::format("{} ({})", candidate.package->version,
                                     index_.suites()[candidate.suite].suite));
    if (present != nullptr) versions.push_back(fmt::format("{} (installed)", present->version));
    return fmt::format("there {} {}", versions.size() == 1 ? "is" : "are",
                       fmt::join(versions, ", "));
  }

  // The index keeps a version that several suites have for the first of them alone, so the lists
  // themselves are asked.
  [[nodiscard]] Result<FoundWish> find_in_suite(const Wish& wish) const {
    bool known = false;
    const Package* best = nullptr;
    for (const SuitePackages& suite : index_.suites()) {
      if (suite.suite != wish.suite && (suite.also.empty() || suite.also != wish.suite)) continue;
      known = true;
      for (const Package& package : suite.packages)
        if (package.name == wish.name &&
            (best == nullptr || compare_versions(package.version, best->version) > 0))
          best = &package;
    }
    if (best != nullptr)
      for (const Candidate& candidate : index_.candidates(wish.name))
        if (compare_versions(candidate.package->version, best->version) == 0)
          return FoundWish{.candidate = candidate};
    if (known)
      return fail(Error(ErrorKind::config,
                        fmt::format("{} is not in {}", quoted(wish.name), quoted(wish.suite)))
                      .hint(versions_there_are(wish.name, find_installed(wish.name))));
    return fail(Error(ErrorKind::config, fmt::format("no suite is named {}", quoted(wish.suite)))
                    .hint(fmt::format("there {} {}", index_.suites().size() == 1 ? "is" : "are",
                                      suite_names())));
  }

  [[nodiscard]] std::string suite_names() const {
    std::vector<std::string> names;
    for (const SuitePackages& suite : index_.suites()) names.push_back(suite.suite);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  [[nodiscard]] Result<FoundWish> find_provider(const Wish& wish,
                                                const std::vector<std::string>& providers) const {
    if (providers.size() > 1)
      return fail(
          Error(ErrorKind::config, fmt::format("{} is not a package; {} packages provide it",
                                               quoted(wish.name), providers.size()))
              .hint(fmt::format("choose one of {}", listed(providers))));
    return find({.name = providers.front(), .version = wish.version, .suite = wish.suite});
  }

  [[nodiscard]] Result<FoundWish> find_successor_of(const Wish& wish) const {
    const Successor* const known = find_successor(wish.name);
    if (known == nullptr) return fail(missing(wish, suggest(wish.name, index_.names())));
    if (known->kind == SuccessorKind::not_needed)
      return FoundWish{.warning = fmt::format("{} is left out: {} does not have it, and {}",
                                              quoted(wish.name), suite_names(), known->advice)};
    if (known->kind == SuccessorKind::certain && exists(known->successor)) {
      TRY_ASSIGN(auto found, find({.name = std::string(known->successor)}));
      found.note =
          fmt::format("{} is taken for {}, which {} does not have: {}", quoted(known->successor),
                      quoted(wish.name), suite_names(), known->advice);
      return found;
    }
    if (known->successor.empty() || !exists(known->successor))
      return fail(missing(wish, {}).hint(std::string(known->advice)));
    return fail(missing(wish, {}).hint(
        fmt::format("perhaps {}: {}", quoted(known->successor), known->advice)));
  }

  [[nodiscard]] bool exists(std::string_view name) const {
    return find_installed(name) != nullptr || !index_.candidates(name).empty() ||
           provider_names(name).size() == 1;
  }

  [[nodiscard]] Error missing(const Wish& wish, const std::vector<std::string>& near) const {
    Error error(ErrorKind::config,
                fmt::format("no package of {} is named {}", suite_names(), quoted(wish.name)));
    if (near.empty()) return error;
    return std::move(error).hint(fmt::format("did you mean {}?", listed(near)));
  }

  const PackageIndex& index_;
  std::span<const Package> installed_;
};

}  // namespace

Result<FoundWish> find_wish(const PackageIndex& index, std::span<const Package> installed,
                            const Wish& wish) {
  return Finder(index, installed).find(wish);
}

}  // namespace cogbuild::debian
