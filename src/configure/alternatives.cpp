#include "alternatives.hpp"

#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace cogbuild::configure {
namespace {

constexpr std::string_view kDatabase = "var/lib/dpkg/alternatives";
constexpr std::string_view kChosen = "etc/alternatives";

Error damaged(std::string_view origin) {
  return Error(ErrorKind::config,
               fmt::format("{} is damaged: it is no group of alternatives", origin));
}

bool is_link_or_nothing(const WorkingRoot& root, std::string_view path) {
  return !root.exists(path) || root.link_target(path) != nullptr;
}

// LINK -> /etc/alternatives/NAME -> PATH.
void link_through(WorkingRoot& root, std::string_view link, std::string_view name,
                  std::string_view path) {
  const auto where = root.canonical(link);
  // A file of that name stays, as update-alternatives leaves it.
  if (!is_link_or_nothing(root, where)) return;
  root.add_link(where, fmt::format("/{}/{}", kChosen, name));
  root.add_link(fmt::format("{}/{}", kChosen, name), std::string(path));
}

void link_best(WorkingRoot& root, const std::string& name, const AlternativeGroup& group) {
  const std::pair<const std::string, AlternativeGroup::Choice>* best = nullptr;
  for (const auto& choice : group.choices) {
    if (!root.exists(root.canonical(choice.first))) continue;
    if (best == nullptr || choice.second.priority > best->second.priority) best = &choice;
  }
  if (best == nullptr) return;
  link_through(root, group.link, name, best->first);
  for (const auto& [slave, path] : best->second.slave_paths) {
    const auto link = group.slave_links.find(slave);
    if (path.empty() || link == group.slave_links.end()) continue;
    if (root.exists(root.canonical(path))) link_through(root, link->second, slave, path);
  }
}

}  // namespace

void AlternativeGroup::add(const InstalledAlternative& alternative) {
  link = alternative.link;
  Choice choice{.priority = alternative.priority};
  for (const auto& slave : alternative.slaves) {
    slave_links[slave.name] = slave.link;
    choice.slave_paths[slave.name] = slave.path;
  }
  choices[alternative.path] = std::move(choice);
}

std::string to_text(const AlternativeGroup& group) {
  std::string text = fmt::format("{}\n{}\n", group.manual ? "manual" : "auto", group.link);
  for (const auto& [name, link] : group.slave_links) text += fmt::format("{}\n{}\n", name, link);
  text += '\n';
  for (const auto& [path, choice] : group.choices) {
    text += fmt::format("{}\n{}\n", path, choice.priority);
    for (const auto& slave : group.slave_links) {
      const auto at = choice.slave_paths.find(slave.first);
      if (at != choice.slave_paths.end()) text += at->second;
      text += '\n';
    }
  }
  text += '\n';
  return text;
}

Result<AlternativeGroup> parse_alternative_group(std::string_view text, std::string_view origin) {
  AlternativeGroup group;
  std::string_view rest = text;
  const auto mode = next_line(rest);
  if (mode != "auto" && mode != "manual") return fail(damaged(origin));
  group.manual = mode == "manual";
  group.link = next_line(rest);
  if (!group.link.starts_with('/')) return fail(damaged(origin));
  std::vector<std::string> slaves;
  while (true) {
    if (rest.empty()) return fail(damaged(origin));
    const auto name = next_line(rest);
    if (name.empty()) break;
    const auto link = next_line(rest);
    if (!link.starts_with('/')) return fail(damaged(origin));
    if (!group.slave_links.emplace(name, link).second) return fail(damaged(origin));
    slaves.emplace_back(name);
  }
  while (!rest.empty()) {
    const auto path = next_line(rest);
    if (path.empty()) break;
    if (!path.starts_with('/')) return fail(damaged(origin));
    const auto number = next_line(rest);
    AlternativeGroup::Choice choice;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), choice.priority);
    if (error != std::errc{} || end != number.data() + number.size()) return fail(damaged(origin));
    for (const auto& slave : slaves)
      if (const auto target = next_line(rest); !target.empty()) choice.slave_paths[slave] = target;
    group.choices[std::string(path)] = std::move(choice);
  }
  return group;
}

Result<void> write_alternatives(WorkingRoot& root,
                                const std::vector<InstalledAlternative>& alternatives) {
  std::map<std::string, AlternativeGroup> groups;
  for (const auto& alternative : alternatives) {
    if (!root.exists(root.canonical(alternative.path))) continue;
    const auto path = fmt::format("{}/{}", kDatabase, alternative.name);
    auto at = groups.find(alternative.name);
    if (at == groups.end()) {
      AlternativeGroup group;
      if (const auto* before = root.read(path)) {
        TRY_ASSIGN(group, parse_alternative_group(*before, path));
      }
      at = groups.emplace(alternative.name, std::move(group)).first;
    }
    at->second.add(alternative);
  }
  for (const auto& [name, group] : groups) {
    root.add_file(fmt::format("{}/{}", kDatabase, name), to_text(group));
    if (!group.manual) link_best(root, name, group);
  }
  return {};
}

}  // namespace cogbuild::configure
