#include "lock_making.hpp"

#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::build {

namespace {

struct Upgrade {
  python::PackageName name{};
  std::optional<python::Version> version{};
};

Result<Upgrade> parse_upgrade(const std::string& text) {
  const auto at = text.find("==");
  auto name = python::PackageName::parse(text.substr(0, at));
  const auto usage = [&text] {
    return fail(Error(ErrorKind::usage, fmt::format("`{}` names no package to upgrade", text))
                    .hint("--upgrade-package takes NAME or NAME==VERSION"));
  };
  if (!name) return usage();
  Upgrade upgrade{.name = *std::move(name)};
  if (at == std::string::npos) return upgrade;
  const auto version = python::Version::parse(text.substr(at + 2));
  if (!version) return usage();
  upgrade.version = *version;
  return upgrade;
}

lock::LockedDistribution* find(lock::Lock& lock, const python::PackageName& name) {
  const auto found =
      std::ranges::find(lock.distributions, to_string(name), &lock::LockedDistribution::name);
  return found == lock.distributions.end() ? nullptr : &*found;
}

}  // namespace

Result<resolve::Preferences> to_preferences(const LockMaking& making,
                                            std::optional<lock::Lock> earlier) {
  resolve::Preferences preferences{.previous = std::move(earlier)};
  preferences.upgrade.all = making.upgrade;
  for (const auto& text : making.upgrade_packages) {
    TRY_ASSIGN(const Upgrade upgrade, parse_upgrade(text));
    if (!upgrade.version) {
      preferences.upgrade.names.push_back(to_string(upgrade.name));
      continue;
    }
    if (!preferences.previous) preferences.previous.emplace();
    // The earlier file is none of that version.
    lock::LockedDistribution preferred{.name = to_string(upgrade.name),
                                       .metadata_name = to_string(upgrade.name),
                                       .version = to_string(*upgrade.version)};
    if (auto* known = find(*preferences.previous, upgrade.name))
      *known = std::move(preferred);
    else
      preferences.previous->distributions.push_back(std::move(preferred));
  }
  if (preferences.previous)
    std::ranges::sort(preferences.previous->distributions, {}, &lock::LockedDistribution::name);
  auto& names = preferences.upgrade.names;
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return preferences;
}

Result<void> check_upgrades(const LockMaking& making, const lock::Lock& lock) {
  for (const auto& text : making.upgrade_packages) {
    TRY_ASSIGN(const Upgrade upgrade, parse_upgrade(text));
    if (!upgrade.version) continue;
    const auto found = std::ranges::find(lock.distributions, to_string(upgrade.name),
                                         &lock::LockedDistribution::name);
    const auto name = to_string(upgrade.name);
    if (found == lock.distributions.end())
      return fail(Error(ErrorKind::unsatisfiable,
                        fmt::format("nothing here needs `{}`, so it is not upgraded", name)));
    const auto chosen = python::Version::parse(found->version);
    if (chosen && *chosen == *upgrade.version) continue;
    return fail(
        Error(ErrorKind::unsatisfiable, fmt::format("`{}` cannot be {} here: {} was chosen", name,
                                                    to_string(*upgrade.version), found->version))
            .hint(fmt::format("say `{}=={}` in the requirements to learn what stands against it",
                              name, to_string(*upgrade.version))));
  }
  return {};
}

}  // namespace cogbuild::build
