#include "lock_step.hpp"

#include "base_choice.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/lock/changes.hpp>
#include <cogbuild/resolve/resolve.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <array>
#include <memory>
#include <mutex>

namespace cogbuild::build {

namespace {

void tell_replacements(const lock::Lock& lock, progress::Reporter& reporter) {
  for (const auto& distribution : lock.distributions)
    if (!distribution.replaces.empty())
      reporter.note(fmt::format(
          "{} {} -> {} {} (no GUI libraries needed; --no-opencv-headless keeps it)",
          distribution.replaces, distribution.version, distribution.name, distribution.version));
}

// A lock that was made before from the same inputs, and what it is kept under.
struct Cached {
  std::string key{};
  std::optional<lock::Lock> lock{};
};

Result<Cached> find_cached(const Options& options, const LockQuestion& question,
                           const LockFiles& files, const python::Target& target,
                           Services& services) {
  TRY_ASSIGN(const auto inputs, to_inputs(question, target, services));
  TRY_ASSIGN(const digest::Digest digest, resolve::inputs_digest(inputs));
  Cached cached{.key = to_string(digest)};
  // What is preferred decides the result, too.
  if (files.pylock_text) cached.key += " " + to_string(digest::digest_of(*files.pylock_text));
  if (!options.use_cache) return cached;
  TRY_ASSIGN(const auto known, services.keys.get(store::Table::lock, cached.key));
  if (known)
    if (auto lock = lock::parse(*known)) cached.lock = *std::move(lock);
  return cached;
}

// That a checkout is read-only, or full, is no reason not to build.
Result<void> update_files(const Locking& locking, const LockQuestion& question, const Root& root,
                          const lock::Lock& lock, const std::optional<lock::Lock>& earlier,
                          Services& services) {
  TRY_ASSIGN(const auto project,
             to_project_lock(question, locking.wish, root, lock.inputs, services));
  const auto written = write_lock_files(locking.files, lock, project);
  if (!written) {
    services.reporter.warn(fmt::format("{} is out of date and was not updated: {}",
                                       locking.files.names.pylock, written.error().message()));
    return {};
  }
  if (earlier)
    for (const auto& change : lock::changes(*earlier, lock))
      services.reporter.note(to_string(change));
  for (const auto& change : installed_changes(locking.files.project, root))
    services.reporter.note(change);
  if (!written->empty())
    services.reporter.note(fmt::format("updated {}", fmt::join(*written, " and ")));
  return {};
}

}  // namespace

std::vector<std::string> installed_changes(const std::optional<lock::ProjectLock>& before,
                                           const Root& root) {
  if (!before || !before->system || !root.system) return {};
  return lock::system_changes(*before->system, *root.system);
}

LockQuestion question_of(const Project& project, const io::Tree& tree,
                         const lock::Choices& choices) {
  return {.config = project.config, .project = tree, .root = project.root, .choices = choices};
}

Result<Locking> read_locking(const Options& options, const Project& project, Unreadable unreadable,
                             Services& services, const lock::Lock* resolved) {
  Locking locking;
  TRY_ASSIGN(locking.files,
             read_lock_files(project.root, options.config_file, unreadable, services.reporter));
  locking.choices =
      lock::merge(paths_from(project.root, options.choices),
                  locking.files.project ? locking.files.project->choices : lock::Choices{});
  locking.wish.platform = options.platform;
  const NamedBase named = name_base(options, project, locking.choices);
  const io::DiskTree tree(project.root);
  const auto question = question_of(project, tree, locking.choices);
  TRY_ASSIGN(const auto choice, choose_base({.options = options,
                                             .project = project,
                                             .question = question,
                                             .files = locking.files,
                                             .named = named.here,
                                             .resolved = resolved},
                                            services));
  TRY_ASSIGN(locking.root, wish_root(options, project, locking.choices, named, choice.selection,
                                     locking.files.project));
  locking.is_provisional = choice.is_provisional;
  if (choice.is_provisional) locking.root.packages.system.clear();
  locking.wish.base = locking.root.reference;
  if (locking.files.project)
    locking.wish.root_changes = root_changes(*locking.files.project, locking.root);
  TRY_ASSIGN(locking.freshness,
             check_lock(locking.files, question, locking.wish, unreadable, services));
  if (options.locked && !locking.freshness.lock)
    return fail(lock_outdated(locking.files, locking.freshness.reasons));
  return locking;
}

Result<void> check_root(const Options& options, const Root& root, Locking& locking) {
  if (!locking.files.project || !locking.freshness.lock) return {};
  const auto& locked = locking.files.project->base;
  if (locked.digest == root.digest) return {};
  locking.freshness.lock.reset();
  locking.freshness.reasons.push_back(
      fmt::format("base {}: {} -> {}", locked.reference, locked.digest, root.digest));
  if (options.locked) return fail(lock_outdated(locking.files, locking.freshness.reasons));
  return {};
}

realise::WantedWheel wanted_wheels(const Project& project, const Locking& locking,
                                   const base::BaseImage& base, Services& services) {
  // Asked for when the first wheel is missing, and then once: most builds fetch nothing.
  struct Indexes {
    std::once_flag once{};
    Result<pypi::IndexConfig> config{};
    std::vector<url::Url> direct{};
  };
  auto indexes = std::make_shared<Indexes>();
  return [&, indexes](const lock::LockedDistribution& wheel) -> Result<fetch::Wanted> {
    fetch::Wanted wanted{.label = wheel.file_name,
                         .location = wheel.location,
                         .digest = wheel.digest,
                         .size_bytes = wheel.size_bytes};
    const bool is_url = wheel.location.find("://") != std::string::npos;
    if (!is_url && !wheel.location.starts_with('/'))
      wanted.location = (project.root / wheel.location).string();
    if (!is_url) return wanted;
    std::call_once(indexes->once, [&] {
      const io::DiskTree tree(project.root);
      const auto target = target_of(base, locking.wish.platform);
      const auto inputs =
          target ? to_inputs(question_of(project, tree, locking.choices), *target, services)
                 : Result<resolve::Inputs>(fail(target.error()));
      indexes->config =
          inputs ? resolve::index_config(*inputs) : Result<pypi::IndexConfig>(fail(inputs.error()));
      if (!inputs) return;
      if (auto direct = resolve::direct_logins(*inputs)) indexes->direct = *std::move(direct);
    });
    if (!indexes->config) return fail(indexes->config.error());
    TRY_ASSIGN(const url::Url location, url::parse(wheel.location));
    std::vector<url::Url> known = indexes->config->indexes;
    if (indexes->config->framework_index) known.push_back(*indexes->config->framework_index);
    for (const auto& index : known) {
      if (!index.has_credentials() || !index.same_origin(location)) continue;
      wanted.username = index.username;
      wanted.password = index.password;
    }
    for (const auto& named : indexes->direct) {
      if (url::to_string(named) != url::to_string(location)) continue;
      wanted.username = named.username;
      wanted.password = named.password;
    }
    wanted.allow_insecure_tls = indexes->config->trusts(location);
    return wanted;
  };
}

Result<lock::Lock> resolve_lock(const Options& options, const Project& project,
                                const Locking& locking, const Root& root, MayWrite may_write,
                                Services& services) {
  if (locking.freshness.lock) {
    tell_replacements(*locking.freshness.lock, services.reporter);
    return *locking.freshness.lock;
  }
  const io::DiskTree tree(project.root);
  const auto question = question_of(project, tree, locking.choices);
  TRY_ASSIGN(const python::Target target, target_of(root.base, options.platform));
  // A lock is for one platform: a build for another one leaves it alone.
  const auto& files = locking.files;
  const bool keeps = may_write == MayWrite::lock_files && files.ours() &&
                     files.project->base.platform == to_string(options.platform);
  Cached cached;
  if (!keeps) {
    TRY_ASSIGN(cached, find_cached(options, question, files, target, services));
  }
  if (cached.lock) {
    tell_replacements(*cached.lock, services.reporter);
    return *std::move(cached.lock);
  }
  for (const auto& reason : locking.freshness.reasons)
    services.reporter.explain(fmt::format("resolving anew: {}", reason));
  if (files.foreign())
    services.reporter.note(
        fmt::format("{} is of another tool: its versions are preferred, and `cogbuild lock` makes "
                    "it one that builds take as it is",
                    files.names.pylock));
  auto earlier = earlier_lock(files, target, services.reporter);
  TRY_ASSIGN(auto lock, ask_resolver(question, target,
                                     {.preferences = {.previous = earlier},
                                      .offline = options.offline,
                                      .refresh = !options.use_cache},
                                     services));
  if (keeps) {
    TRY(update_files(locking, question, root, lock, earlier, services));
  } else {
    TRY(services.keys.put(store::Table::lock, cached.key, lock::to_json(lock)));
  }
  return lock;
}

}  // namespace cogbuild::build
