#include <cogbuild/lock/changes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace cogbuild::lock {
namespace {

std::string with_file(const LockedDistribution& distribution) {
  const auto& file =
      distribution.file_name.empty() ? distribution.location : distribution.file_name;
  return fmt::format("{} ({})", distribution.version, file);
}

Change between(const LockedDistribution& before, const LockedDistribution& after) {
  Change change{.name = after.name, .before = before.version, .after = after.version};
  if (before.version != after.version) return change;
  change.before = with_file(before);
  change.after = with_file(after);
  // The same name of another content or commit.
  if (change.before == change.after && before.digest != after.digest) {
    change.before += " " + to_string(before.digest);
    change.after += " " + to_string(after.digest);
  } else if (change.before == change.after) {
    change.before += " " + before.commit;
    change.after += " " + after.commit;
  }
  return change;
}

// The name that a line starts with, a constraint's `-c` included.
std::string subject(const std::string& line) {
  const auto start = line.starts_with("-c ") ? std::size_t{3} : std::size_t{0};
  return line.substr(0, std::min(line.find_first_of(" <>=!~;@[(", start), line.size()));
}

}  // namespace

std::vector<Change> changes(const Lock& before, const Lock& after) {
  std::map<std::string, std::pair<const LockedDistribution*, const LockedDistribution*>> both;
  for (const auto& distribution : before.distributions)
    both[distribution.name].first = &distribution;
  for (const auto& distribution : after.distributions)
    both[distribution.name].second = &distribution;
  std::vector<Change> found;
  for (const auto& [name, pair] : both) {
    const auto [old, now] = pair;
    if (old == nullptr) {
      found.push_back({.name = name, .after = now->version});
    } else if (now == nullptr) {
      found.push_back({.name = name, .before = old->version});
    } else if (old->version != now->version || old->file_name != now->file_name ||
               old->digest != now->digest || old->commit != now->commit) {
      found.push_back(between(*old, *now));
    }
  }
  return found;
}

std::string to_string(const Change& change) {
  if (change.before.empty()) return fmt::format("+ {} {}", change.name, change.after);
  if (change.after.empty()) return fmt::format("- {} {}", change.name, change.before);
  return fmt::format("{} {} -> {}", change.name, change.before, change.after);
}

std::vector<std::string> requirement_changes(const std::vector<std::string>& before,
                                             const std::vector<std::string>& after) {
  std::vector<std::string> removed;
  std::vector<std::string> added;
  std::ranges::set_difference(before, after, std::back_inserter(removed));
  std::ranges::set_difference(after, before, std::back_inserter(added));
  std::vector<std::string> found;
  for (const auto& line : removed) {
    const auto same = std::ranges::find(added, subject(line), subject);
    if (same == added.end()) {
      found.push_back("- " + line);
      continue;
    }
    found.push_back(fmt::format("{} -> {}", line, *same));
    added.erase(same);
  }
  for (const auto& line : added) found.push_back("+ " + line);
  return found;
}

}  // namespace cogbuild::lock
