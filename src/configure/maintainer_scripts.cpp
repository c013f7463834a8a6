#include "maintainer_scripts.hpp"

#include "account_commands.hpp"
#include "alternatives.hpp"
#include "reviewed_packages.hpp"
#include "script_run.hpp"
#include "users_and_groups.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace cogbuild::configure {
namespace {

constexpr std::size_t kShownCommands = 3;

struct UnknownScripts {
  std::string package{};
  std::vector<std::string> commands{};
};

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  std::ranges::move(from, std::back_inserter(to));
}

ScriptEffects effects_of(const debian::DebContents& package, const WorkingRoot& root) {
  ScriptEffects effects;
  const auto* templates = package.find_control("templates");
  const std::string_view questions = templates == nullptr ? std::string_view{} : *templates;
  if (const auto* script = package.find_control("preinst"))
    follow_script(*script, {.name = "preinst", .arguments = {"install"}, .templates = questions},
                  root, effects);
  if (const auto* script = package.find_control("postinst"))
    follow_script(*script,
                  {.name = "postinst", .arguments = {"configure", ""}, .templates = questions},
                  root, effects);
  return effects;
}

InstalledAlternative lzma_alternative() {
  InstalledAlternative lzma{
      .link = "/usr/bin/lzma", .name = "lzma", .path = "/usr/bin/xz", .priority = 20};
  lzma.slaves.push_back({.link = "/usr/bin/unlzma", .name = "unlzma", .path = "/usr/bin/unxz"});
  for (const auto* tool : {"cat", "more", "less", "diff", "cmp", "grep", "egrep", "fgrep"})
    lzma.slaves.push_back({.link = fmt::format("/usr/bin/lz{}", tool),
                           .name = fmt::format("lz{}", tool),
                           .path = fmt::format("/usr/bin/xz{}", tool)});
  return lzma;
}

// What systemd-sysusers would make of the files that packages ship.
void read_shipped_sysusers(const WorkingRoot& root, ScriptEffects& all) {
  for (const auto* package : root.packages())
    for (const auto& [path, content] : package->contents)
      if (path.starts_with("usr/lib/sysusers.d/") && path.ends_with(".conf"))
        read_sysusers(content, all);
}

Error unsupported(std::vector<UnknownScripts> unknown) {
  const auto error_of = [](const UnknownScripts& one) {
    Error error(ErrorKind::unsupported,
                fmt::format("the maintainer scripts of `{}` do more than is known", one.package));
    for (std::size_t i = 0; i < std::min(one.commands.size(), kShownCommands); ++i)
      error = std::move(error).tell(one.commands[i]);
    if (one.commands.size() > kShownCommands)
      error =
          std::move(error).tell(fmt::format("and {} more", one.commands.size() - kShownCommands));
    return error;
  };
  std::vector<std::string_view> names;
  for (const auto& one : unknown) names.push_back(one.package);
  Error error = error_of(unknown.front())
                    .hint(fmt::format("`debian.skip_scripts: [{}]` in cogbuild.yaml takes {} "
                                      "without running the scripts",
                                      fmt::join(names, ", "),
                                      names.size() == 1 ? "the package" : "the packages"));
  for (std::size_t i = 1; i < unknown.size(); ++i)
    error = std::move(error).also(error_of(unknown[i]));
  return error;
}

void apply_owner(const PathEffect& effect, const Accounts& accounts, Ownership& ownership) {
  if (effect.mode) ownership.mode = *effect.mode;
  if (effect.owner.empty()) return;
  const std::string_view owner = effect.owner;
  const auto colon = owner.find(':');
  const auto user = owner.substr(0, colon);
  if (const auto uid = accounts.uid(user); uid && !user.empty()) ownership.uid = *uid;
  if (colon == std::string_view::npos) return;
  const auto group = owner.substr(colon + 1);
  if (const auto gid = accounts.gid(group); gid && !group.empty()) ownership.gid = *gid;
}

Ownership ownership_of(const WorkingRoot& root, std::string_view path) {
  if (const auto at = root.added().find(path); at != root.added().end())
    return {.mode = at->second.mode, .uid = at->second.uid, .gid = at->second.gid};
  if (const auto* entry = root.shipped(path))
    return {.mode = entry->mode, .uid = entry->uid, .gid = entry->gid};
  if (const auto* node = root.root().tree.find(path))
    return {.mode = node->mode, .uid = node->uid, .gid = node->gid};
  return {.mode = 0755};
}

void apply_path(WorkingRoot& root, const PathEffect& effect, const Accounts& accounts,
                std::string_view package) {
  // Who read the scripts knows what is missing.
  const bool reviewed = review_of(package) != Review::none;
  const auto path = root.canonical(effect.path);
  if (path.empty() || path.starts_with("proc/") || path.starts_with("sys/") ||
      path.starts_with("dev/"))
    return;
  switch (effect.type) {
    case PathEffectType::directory: {
      if (root.exists(path) && !root.is_directory(path)) return;
      if (root.exists(path) && !effect.mode && effect.owner.empty()) return;
      auto ownership = ownership_of(root, path);
      apply_owner(effect, accounts, ownership);
      root.add_directory(path, ownership);
      return;
    }
    case PathEffectType::link:
      if (root.is_directory(path)) return;
      if (effect.forced)
        root.add_link(path, effect.source);
      else
        root.add_missing_link(path, effect.source);
      return;
    case PathEffectType::empty_file:
      root.add_missing_file(path, "");
      return;
    case PathEffectType::copy: {
      const auto* content = root.read(root.canonical(effect.source));
      const auto target =
          root.is_directory(path)
              ? fmt::format("{}{}", path, effect.source.substr(effect.source.rfind('/')))
              : path;
      if (content != nullptr)
        root.add_missing_file(target, *content);
      else if (!reviewed && !root.exists(target) && root.exists(root.canonical(effect.source)))
        root.warn(fmt::format("`{}` misses /{}, a copy of {}", package, target, effect.source));
      return;
    }
    case PathEffectType::owner:
    case PathEffectType::mode: {
      if (!root.exists(path)) return;
      auto ownership = ownership_of(root, path);
      const auto before = ownership;
      apply_owner(effect, accounts, ownership);
      if (before.mode == ownership.mode && before.uid == ownership.uid &&
          before.gid == ownership.gid)
        return;
      if (root.is_directory(path))
        root.add_directory(path, ownership);
      else if (const auto* content = root.read(path))
        root.add_file(path, *content, ownership);
      else if (!reviewed)
        root.warn(fmt::format("`{}` does not change owner or mode of /{}", package, path));
      return;
    }
  }
}

}  // namespace

Result<void> apply_maintainer_scripts(WorkingRoot& root) {
  ScriptEffects all;
  std::vector<std::pair<const debian::DebContents*, std::vector<PathEffect>>> paths;
  std::vector<UnknownScripts> unknown;
  for (const auto* package : root.packages()) {
    const auto& skipped = root.options().skip_scripts;
    const bool by_wish = std::ranges::find(skipped, package->name) != skipped.end();
    const auto review = review_of(package->name);
    if (const auto shortcoming = shortcoming_of(package->name); !shortcoming.empty())
      root.warn(std::string(shortcoming));
    if (review == Review::skipped) continue;
    auto effects = effects_of(*package, root);
    if (by_wish && !effects.unknown.empty())
      root.warn(
          fmt::format("the maintainer scripts of `{}` were followed in part only", package->name));
    if (!by_wish && review == Review::none && !effects.unknown.empty())
      unknown.push_back({.package = package->name, .commands = std::move(effects.unknown)});
    // Its alternatives come out of a function of the script.
    if (package->name == "xz-utils") effects.alternatives.push_back(lzma_alternative());
    append(all.alternatives, std::move(effects.alternatives));
    append(all.groups, std::move(effects.groups));
    append(all.users, std::move(effects.users));
    append(all.memberships, std::move(effects.memberships));
    for (auto& warning : effects.warnings)
      root.warn(fmt::format("`{}`: {}", package->name, warning));
    paths.emplace_back(package, std::move(effects.paths));
  }
  if (!unknown.empty()) return fail(unsupported(std::move(unknown)));
  read_shipped_sysusers(root, all);
  TRY_ASSIGN(const auto accounts,
             write_users_and_groups(root, std::move(all.users), std::move(all.groups),
                                    std::move(all.memberships)));
  for (const auto& [package, effects] : paths)
    for (const auto& effect : effects) apply_path(root, effect, accounts, package->name);
  return write_alternatives(root, all.alternatives);
}

}  // namespace cogbuild::configure
