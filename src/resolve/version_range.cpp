#include "version_range.hpp"

#include <algorithm>

namespace cogbuild::resolve {
namespace {

using python::Operator;
using python::Specifier;
using python::Version;
using Versions = std::vector<Version>;
using Place = Versions::const_iterator;

pubgrub::VersionSet run_of(const Versions& versions, Place from, Place to) {
  pubgrub::VersionSet set(versions.size());
  set.insert(static_cast<std::size_t>(from - versions.begin()),
             static_cast<std::size_t>(to - versions.begin()));
  return set;
}

// `==1.2.*` also holds for the pre-releases of 1.2: whose release starts the same way is no smaller
// than the prefix's, segment by segment.
bool is_below_prefix(const Version& version, const Version& prefix, std::size_t length) {
  if (version.epoch() != prefix.epoch()) return version.epoch() < prefix.epoch();
  for (std::size_t n = 0; n < length; ++n)
    if (version.segment(n) != prefix.segment(n)) return version.segment(n) < prefix.segment(n);
  return false;
}

pubgrub::VersionSet with_prefix(const Versions& versions, const Version& prefix,
                                std::size_t length) {
  const auto from = std::partition_point(
      versions.begin(), versions.end(),
      [&](const Version& version) { return is_below_prefix(version, prefix, length); });
  const auto to = std::partition_point(from, versions.end(), [&](const Version& version) {
    return !is_below_prefix(prefix, version, length);
  });
  return run_of(versions, from, to);
}

pubgrub::VersionSet equal_to(const Versions& versions, const Specifier& clause) {
  if (clause.wildcard)
    return with_prefix(versions, clause.version, clause.version.release().size());
  // Every local label of a version sorts right above it.
  const auto from = std::lower_bound(versions.begin(), versions.end(), clause.version);
  auto to = from;
  Specifier equal = clause;
  equal.op = Operator::equal;
  while (to != versions.end() && equal.contains(*to)) ++to;
  return run_of(versions, from, to);
}

pubgrub::VersionSet within(const Versions& versions, const Specifier& clause) {
  const auto holds = [&](const Version& version) { return clause.contains(version); };
  switch (clause.op) {
    case Operator::less:
    case Operator::less_equal:
      return run_of(versions, versions.begin(),
                    std::partition_point(versions.begin(), versions.end(), holds));
    case Operator::greater:
    case Operator::greater_equal:
      return run_of(versions,
                    std::partition_point(versions.begin(), versions.end(),
                                         [&](const Version& version) { return !holds(version); }),
                    versions.end());
    case Operator::equal:
      return equal_to(versions, clause);
    case Operator::not_equal: {
      auto set = pubgrub::VersionSet::all_versions(versions.size());
      for (const auto position : equal_to(versions, clause).positions()) set.erase(position);
      return set;
    }
    case Operator::compatible: {
      Specifier least = clause;
      least.op = Operator::greater_equal;
      return within(versions, least) &
             with_prefix(versions, clause.version, clause.version.release().size() - 1);
    }
    case Operator::arbitrary:
      break;
  }
  pubgrub::VersionSet set(versions.size());
  for (std::size_t n = 0; n < versions.size(); ++n)
    if (holds(versions[n])) set.insert(static_cast<pubgrub::Position>(n));
  return set;
}

}  // namespace

pubgrub::VersionSet versions_within(const std::vector<Version>& versions,
                                    const python::SpecifierSet& specifiers) {
  auto set = pubgrub::VersionSet::all_versions(versions.size());
  for (const Specifier& clause : specifiers.clauses()) set = set & within(versions, clause);
  return set;
}

}  // namespace cogbuild::resolve
