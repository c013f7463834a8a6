#include "pylock_fields.hpp"

#include <cogbuild/lock/requirements_export.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::lock {
namespace {

// Where the indexes are, main one first; find-links are told by not holding a simple page, which a
// lock does not know, so that only paths count as such.
std::string index_lines(const Lock& lock) {
  std::string text;
  bool first = true;
  for (const auto& index : lock.indexes) {
    if (!is_url(index)) {
      text += fmt::format("--find-links {}\n", index);
      continue;
    }
    text += fmt::format("{} {}\n", first ? "--index-url" : "--extra-index-url", index);
    first = false;
  }
  return text;
}

std::string repository(const LockedDistribution& distribution) {
  const std::string prefix = distribution.location.starts_with("git+") ? "" : "git+";
  std::string text = fmt::format("{} @ {}{}@{}", distribution.name, prefix, distribution.location,
                                 distribution.commit);
  if (!distribution.subdirectory.empty()) text += "#subdirectory=" + distribution.subdirectory;
  return text;
}

std::string line(const LockedDistribution& distribution) {
  switch (place_of(distribution)) {
    case Place::vcs:
      return repository(distribution) + "\n";
    case Place::directory:
      return fmt::format("{} @ {}\n", distribution.name, distribution.location);
    case Place::archive:
    case Place::wheels:
    case Place::sdist:
      break;
  }
  // A file that no index lists is named where it lies.
  std::string text = !distribution.direct_url
                         ? fmt::format("{}=={}", distribution.name, distribution.version)
                     : is_url(distribution.location)
                         ? fmt::format("{} @ {}", distribution.name, distribution.location)
                         : distribution.location;
  if (distribution.direct_url && !distribution.subdirectory.empty())
    text += "#subdirectory=" + distribution.subdirectory;
  return fmt::format("{} \\\n    --hash={}\n", text, to_string(distribution.digest));
}

}  // namespace

std::string to_requirements(const Lock& lock) {
  std::vector<const LockedDistribution*> sorted;
  for (const auto& distribution : lock.distributions) sorted.push_back(&distribution);
  std::ranges::sort(sorted, {}, &LockedDistribution::name);
  std::string text = index_lines(lock);
  for (const auto* distribution : sorted) text += line(*distribution);
  return text;
}

}  // namespace cogbuild::lock
