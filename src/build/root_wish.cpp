#include "root_wish.hpp"

#include "lock_inputs.hpp"

#include <cogbuild/base/debian_base.hpp>
#include <cogbuild/lock/changes.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

namespace cogbuild::build {

namespace {

// Applies `turn` to the path of `oci:DIR` and its like; a reference stays as it is.
template <class Turn>
std::string with_path(const std::string& base, Turn turn) {
  for (const char* prefix : {"oci:", "oci-archive:", "docker-archive:"})
    if (base.starts_with(prefix))
      return prefix + turn(base.substr(std::string_view(prefix).size()));
  return base;
}

Result<std::vector<debian::Wish>> to_wishes(const std::vector<std::string>& names) {
  std::vector<debian::Wish> wishes;
  for (const auto& name : names) {
    TRY_ASSIGN(auto wish, debian::parse_wish(name));
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

Result<std::vector<debian::Wish>> system_wishes(const config::Config& config) {
  std::vector<debian::Wish> wishes;
  for (const auto& item : config.system_packages) {
    // Cog hands an item to a shell, for which blanks divide names.
    std::istringstream names(item.value);
    for (std::string name; names >> name;) {
      auto wish = debian::parse_wish(name);
      if (!wish) return fail(std::move(wish).error().at(item.location));
      wish->location = item.location;
      wishes.push_back(*std::move(wish));
    }
  }
  return wishes;
}

std::vector<std::string> texts(const std::vector<config::Located<std::string>>& values) {
  std::vector<std::string> list;
  for (const auto& value : values) list.push_back(value.value);
  return list;
}

std::optional<lock::LockedPython> own_archive(const config::PythonSettings& settings) {
  if (!settings.archive) return std::nullopt;
  return lock::LockedPython{.version = settings.archive->version.value,
                            .location = settings.archive->url.value,
                            .digest = settings.archive->sha256.value};
}

std::string series_of(const std::string& version) {
  const auto dot = version.find('.');
  return version.substr(0, dot == std::string::npos ? dot : version.find('.', dot + 1));
}

lock::LockedPython to_locked(const base::StandalonePython& build) {
  return {.version = build.version, .location = build.location, .digest = build.digest};
}

// For an image that has no Python.
Result<void> wish_standalone(const Project& project, RootWish& wish) {
  wish.python = own_archive(project.settings.python);
  if (wish.python) return {};
  const auto& version = project.config.python_version;
  const std::string machine = wish.platform.architecture == "arm64" ? "aarch64" : "x86_64";
  auto choice = base::choose_standalone(version.value, machine);
  if (!choice) return fail(std::move(choice).error().at(version.location));
  wish.python = to_locked(choice->python);
  if (!choice->warning.empty()) wish.warnings.push_back(std::move(choice->warning));
  return {};
}

Result<void> wish_composed(const std::string& suite, const Project& project,
                           const lock::Choices& choices, RootWish& wish) {
  const auto& settings = project.settings;
  base::DebianBaseRequest request{
      .python_version = project.config.python_version.value,
      .suite = suite.empty() ? settings.debian.suite.value : suite,
      .packages = choices.base_packages.value_or(texts(settings.base_packages)),
      .architecture = wish.platform.architecture,
      .python_archive_is_given = settings.python.archive.has_value()};
  TRY_ASSIGN(const auto base, base::debian_base(request));
  wish.composed = true;
  wish.reference = "debian:" + base.suite;
  wish.packages.suite = base.suite;
  TRY_ASSIGN(wish.packages.base, to_wishes(base.packages));
  TRY_ASSIGN(wish.packages.python, to_wishes(base.python_packages));
  if (base.python_origin == base::PythonOrigin::standalone) {
    wish.python = own_archive(settings.python);
    if (!wish.python && base.standalone) wish.python = to_locked(*base.standalone);
  }
  for (const auto& [path, target] : base.links)
    wish.extra.push_back(
        {.path = path, .type = configure::FileType::symlink, .mode = 0777, .content = target});
  wish.left_out = base.dropped;
  wish.python_series = base.python_series;
  wish.explanation.insert(wish.explanation.end(), base.reasons.begin(), base.reasons.end());
  wish.warnings.insert(wish.warnings.end(), base.warnings.begin(), base.warnings.end());
  return {};
}

Result<void> pin_image(const std::optional<lock::ProjectLock>& locked, RootWish& wish) {
  wish.pinned = wish.image;
  auto* registry = std::get_if<pull::RegistryImage>(&wish.pinned);
  if (registry == nullptr || registry->reference.digest || !locked) return {};
  if (locked->base.reference != wish.reference ||
      locked->base.platform != to_string(wish.platform) || locked->base.digest.empty())
    return {};
  TRY_ASSIGN(registry->reference.digest, digest::Digest::parse(locked->base.digest));
  return {};
}

// The wish as a lock would say it, without what is chosen for it.
lock::SystemLock as_lock(const RootWish& wish) {
  lock::SystemLock lock{.suite = wish.packages.suite};
  for (const auto* wishes : {&wish.packages.base, &wish.packages.python})
    for (const auto& one : *wishes) lock.base_names.push_back(to_string(one));
  std::ranges::sort(lock.base_names);
  for (const auto& one : wish.packages.system) lock.system_names.push_back(to_string(one));
  return lock;
}

}  // namespace

NamedBase name_base(const Options& options, const Project& project, lock::Choices& choices) {
  const std::string kept = choices.base.value_or("");
  const auto from_root = [&project](const std::string& base) {
    return with_path(base, [&](const std::string& path) { return (project.root / path).string(); });
  };
  if (!options.base.empty()) {
    choices.base = with_path(
        options.base, [&](const std::string& path) { return path_from(project.root, path); });
    return {.reference = *choices.base, .here = options.base};
  }
  if (const auto& named = project.settings.base.value; !named.empty()) {
    choices.base.reset();
    return {.reference = named, .here = from_root(named)};
  }
  if (!kept.empty()) return {.reference = kept, .here = from_root(kept)};
  return {};
}

Result<RootWish> wish_root(const Options& options, const Project& project,
                           const lock::Choices& choices, const NamedBase& named,
                           const base::Selection& selection,
                           const std::optional<lock::ProjectLock>& locked) {
  RootWish wish{.platform = options.platform};
  wish.packages.architecture = options.platform.architecture;
  wish.keep_docs = choices.keep_docs.value_or(project.settings.keep_docs.value_or(false));
  TRY_ASSIGN(wish.packages.system, system_wishes(project.config));
  wish.explanation = base::explain(selection);
  wish.warnings = selection.warnings;
  if (selection.kind == base::BaseKind::native) {
    TRY(wish_composed(selection.suite, project, choices, wish));
    return wish;
  }
  wish.reference = named.reference.empty() ? selection.reference : named.reference;
  TRY_ASSIGN(wish.image, pull::parse_source(named.here.empty() ? selection.reference : named.here));
  if (selection.kind == base::BaseKind::cuda_image) {
    TRY(wish_standalone(project, wish));
  }
  TRY(pin_image(locked, wish));
  return wish;
}

std::vector<std::string> root_changes(const lock::ProjectLock& locked, const RootWish& wish) {
  if (!locked.system)
    return wish.installs() ? std::vector<std::string>{"packages are not pinned"}
                           : std::vector<std::string>{};
  auto changes = lock::system_wish_changes(*locked.system, as_lock(wish));
  const auto& before = locked.system->python;
  if (before.has_value() != wish.python.has_value()) {
    changes.push_back(wish.python ? "python: a standalone build takes the place of packages"
                                  : "python: packages take the place of a standalone build");
  } else if (before && series_of(before->version) != series_of(wish.python->version)) {
    changes.push_back(fmt::format("python: {} -> {}", before->version, wish.python->version));
  }
  return changes;
}

}  // namespace cogbuild::build
