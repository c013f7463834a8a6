#include "lock_making.hpp"
#include "lock_step.hpp"
#include "plan_options.hpp"

#include <cogbuild/build/lock_project.hpp>
#include <cogbuild/pull/open_image.hpp>

#include <fmt/format.h>

namespace cogbuild::build {

namespace {

// Differences are told, whether they are then written or not.
void tell_changes(const Locked& locked, progress::Reporter& reporter) {
  if (locked.created) return;
  for (const auto& change : locked.changes) reporter.note(to_string(change));
}

// Whether the base is the one of the lock. One in a registry is, as it is pinned; others are looked
// at, but their layers are not.
Result<bool> is_locked_base(const Locking& locking, const Options& options,
                            const pull::PullServices& services) {
  if (locking.root.composed || std::holds_alternative<pull::RegistryImage>(locking.root.image))
    return true;
  TRY_ASSIGN(const auto image, pull::open_image(locking.root.image, options.platform, services));
  return to_string(image.manifest.digest) == locking.files.project->base.digest;
}

// `resolved_before`: what was resolved for another base, which then turned out not to serve it.
Result<Locked> lock_project_for(const ProjectLocking& asked, Services& services,
                                const lock::Lock* resolved_before) {
  Options options = asked.options;
  options.locked = false;
  const LockMaking& making = asked.making;
  TRY_ASSIGN(const Project project, read_config(options, services.reporter));
  TRY_ASSIGN(Locking locking, read_locking(options, project, Unreadable::is_absent_with_a_warning,
                                           services, resolved_before));
  Locked locked{.created = !locking.files.pylock_text.has_value(),
                .reasons = locking.freshness.reasons};
  const bool upgrades = making.upgrade || asked.upgrade_base || !making.upgrade_packages.empty();
  Registries registries(services);
  const pull::PullServices pulling{.blobs = services.blobs,
                                   .keys = services.keys,
                                   .client_for = registries.as_function(),
                                   .reporter = services.reporter,
                                   .offline = options.offline};
  if (locking.freshness.lock && !upgrades) {
    TRY_ASSIGN(const bool same, is_locked_base(locking, options, pulling));
    if (same) {
      locked.lock = *std::move(locking.freshness.lock);
      return locked;
    }
  }
  const bool moves = making.upgrade || asked.upgrade_base;
  TRY_ASSIGN(const auto planning, plan_options(options, project, locking, services));
  TRY_ASSIGN(const auto root, open_root({.options = options,
                                         .project = project,
                                         .wish = locking.root,
                                         .locked = locking.files.project,
                                         .planning = planning,
                                         .moves = moves,
                                         .for_resolving = true},
                                        registries, services));
  TRY(base::check_usable(root.base, project.config.python_version.value));
  if (!moves) {
    TRY(check_root(options, root, locking));
    locked.reasons = locking.freshness.reasons;
  }
  const io::DiskTree tree(project.root);
  const auto question = question_of(project, tree, locking.choices);
  TRY_ASSIGN(const python::Target target, target_of(root.base, options.platform));
  const auto earlier = earlier_lock(locking.files, target, services.reporter);
  TRY_ASSIGN(auto preferences, to_preferences(making, earlier));
  auto resolved = ask_resolver(question, target,
                               {.preferences = std::move(preferences),
                                .offline = options.offline,
                                .refresh = !options.use_cache},
                               services);
  if (!resolved && making.check && !locked.reasons.empty())
    return fail(
        lock_outdated(locking.files, locked.reasons, "--check").also(std::move(resolved).error()));
  if (!resolved) return fail(std::move(resolved).error());
  locked.lock = *std::move(resolved);
  if (project.config.gpu && resolved_before == nullptr) {
    TRY_ASSIGN(const auto again,
               read_locking(options, project, Unreadable::is_absent_with_a_warning, services,
                            &locked.lock));
    if (locking.is_provisional || again.root.reference != locking.root.reference)
      return lock_project_for(asked, services, &locked.lock);
  }
  TRY(check_upgrades(making, locked.lock));
  TRY_ASSIGN(const auto rest,
             to_project_lock(question, locking.wish, root, locked.lock.inputs, services));
  locked.changed = would_change(locking.files, locked.lock, rest);
  if (earlier) locked.changes = lock::changes(*earlier, locked.lock);
  tell_changes(locked, services.reporter);
  for (const auto& change : installed_changes(locking.files.project, root))
    services.reporter.note(change);
  if (making.check && locked.changed) {
    if (locked.reasons.empty()) locked.reasons.emplace_back("newer versions are there");
    return fail(lock_outdated(locking.files, locked.reasons, "--check"));
  }
  if (making.check || making.dry_run) return locked;
  TRY_ASSIGN(locked.written, write_lock_files(locking.files, locked.lock, rest));
  return locked;
}

}  // namespace

Result<Locked> lock_project(const ProjectLocking& asked, Services& services) {
  return lock_project_for(asked, services, nullptr);
}

}  // namespace cogbuild::build
