#pragma once

#include "lock_state.hpp"
#include "project_step.hpp"
#include "root_step.hpp"
#include "root_wish.hpp"

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/build/build.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/realise/realise.hpp>

namespace cogbuild::build {

// What is known of a project's lock before its base is open.
struct Locking {
  LockFiles files{};
  lock::Choices choices{};  // of this run, else those that cogbuild.lock keeps
  LockWish wish{};
  Freshness freshness{};
  RootWish root{};
  // The root serves to resolve for alone: it is to be read again with what is resolved.
  bool is_provisional = false;
};

// Reads the lock of a project and checks it against everything but the base's content. Needs no
// network, unless Cog's base image is asked for. `resolved`, if given, says better than the lock
// what the base is to serve. Errors: usage, config, io; lock_outdated, when --locked asks for one
// that fits.
Result<Locking> read_locking(const Options& options, const Project& project, Unreadable unreadable,
                             Services& services, const lock::Lock* resolved = nullptr);

// The root is open: a base that is not what the lock was made for makes the lock stale. Error:
// lock_outdated, under --locked.
Result<void> check_root(const Options& options, const Root& root, Locking& locking);

// How the wheels of this project's lock are fetched: locations below the project's root,
// credentials from the index a wheel lies on, or the requirement that names its URL. Everything
// passed in must outlive the function.
realise::WantedWheel wanted_wheels(const Project& project, const Locking& locking,
                                   const base::BaseImage& base, Services& services);

enum class MayWrite { no, lock_files };

// The second step. A lock that fits is taken as it is. Else the resolver is asked; a lock of the
// project is then brought up to date, and without one the result is kept in the store.
Result<lock::Lock> resolve_lock(const Options& options, const Project& project,
                                const Locking& locking, const Root& root, MayWrite may_write,
                                Services& services);

// What is installed below otherwise than the lock has it, a line each.
std::vector<std::string> installed_changes(const std::optional<lock::ProjectLock>& before,
                                           const Root& root);

LockQuestion question_of(const Project& project, const io::Tree& tree,
                         const lock::Choices& choices);

}  // namespace cogbuild::build
