#include <cogbuild/lock/changes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace cogbuild::lock {
namespace {

void add_list_changes(std::string_view key, const std::vector<std::string>& before,
                      const std::vector<std::string>& after, std::vector<std::string>& found) {
  if (before == after) return;
  auto sorted_before = before;
  auto sorted_after = after;
  std::ranges::sort(sorted_before);
  std::ranges::sort(sorted_after);
  const auto changed = requirement_changes(sorted_before, sorted_after);
  for (const auto& change : changed) found.push_back(fmt::format("{}: {}", key, change));
  // Which of several alternatives counts may depend on it.
  if (changed.empty()) found.push_back(fmt::format("{}: another order", key));
}

struct Placed {
  const LockedDeb* deb = nullptr;
  std::string_view layer{};
};

// By name; a package of an upper layer replaces the one below.
std::map<std::string_view, Placed> placed(const SystemLock& system) {
  std::map<std::string_view, Placed> found;
  const auto add = [&](const std::vector<LockedDeb>& packages, std::string_view layer) {
    for (const auto& deb : packages) found[deb.name] = {.deb = &deb, .layer = layer};
  };
  add(system.base_packages, "base");
  add(system.python_packages, "python");
  add(system.system_packages, "system");
  return found;
}

Change between(const Placed& before, const Placed& after) {
  Change change{
      .name = after.deb->name, .before = before.deb->version, .after = after.deb->version};
  if (change.before != change.after) return change;
  if (before.layer != after.layer) {
    change.before += fmt::format(" ({})", before.layer);
    change.after += fmt::format(" ({})", after.layer);
  } else {
    change.before += " " + to_string(before.deb->digest);
    change.after += " " + to_string(after.deb->digest);
  }
  return change;
}

void add_package_changes(const SystemLock& before, const SystemLock& after,
                         std::vector<std::string>& found) {
  const auto old_packages = placed(before);
  const auto new_packages = placed(after);
  std::map<std::string_view, Change> changes;
  for (const auto& [name, old] : old_packages) {
    const auto now = new_packages.find(name);
    if (now == new_packages.end())
      changes[name] = {.name = std::string(name), .before = old.deb->version};
    else if (old.deb->version != now->second.deb->version ||
             old.deb->digest != now->second.deb->digest || old.layer != now->second.layer)
      changes[name] = between(old, now->second);
  }
  for (const auto& [name, now] : new_packages)
    if (!old_packages.contains(name))
      changes[name] = {.name = std::string(name), .after = now.deb->version};
  for (const auto& [name, change] : changes) found.push_back(to_string(change));
}

void add_python_change(const std::optional<LockedPython>& before,
                       const std::optional<LockedPython>& after, std::vector<std::string>& found) {
  if (before == after) return;
  Change change{.name = "CPython"};
  if (before) change.before = before->version;
  if (after) change.after = after->version;
  if (change.before == change.after) {
    change.before += fmt::format(" ({} {})", before->location, to_string(before->digest));
    change.after += fmt::format(" ({} {})", after->location, to_string(after->digest));
  }
  found.push_back(to_string(change));
}

}  // namespace

std::vector<std::string> system_wish_changes(const SystemLock& before, const SystemLock& after) {
  std::vector<std::string> found;
  const auto named = [](const std::string& suite) { return suite.empty() ? "none" : suite; };
  if (before.suite != after.suite)
    found.push_back(fmt::format("suite: {} -> {}", named(before.suite), named(after.suite)));
  add_list_changes("base packages", before.base_names, after.base_names, found);
  add_list_changes("system_packages", before.system_names, after.system_names, found);
  return found;
}

std::vector<std::string> system_changes(const SystemLock& before, const SystemLock& after) {
  auto found = system_wish_changes(before, after);
  add_package_changes(before, after, found);
  add_python_change(before.python, after.python, found);
  return found;
}

}  // namespace cogbuild::lock
