#pragma once

#include "lock_state.hpp"
#include "project_step.hpp"

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/build/build.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/pull/image_source.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/realise/realise.hpp>

namespace cogbuild::build {

// What is known of a project's lock before its base is open.
struct Locking {
  LockFiles files{};
  lock::Choices choices{};  // of this run, else those that cogbuild.lock keeps
  LockWish wish{};
  Freshness freshness{};
  pull::ImageSource base{};    // as it is named
  pull::ImageSource pinned{};  // the same at the digest of the lock, where a registry has it
};

// Reads the lock of a project and checks it against everything but the base's content. Needs no
// network. Errors: usage, config, io; lock_outdated, when --locked asks for one that fits.
Result<Locking> read_locking(const Options& options, const Project& project, Unreadable unreadable,
                             Services& services);

// The base is open: one that is not what the lock was made for makes the lock stale. Error:
// lock_outdated, under --locked.
Result<void> check_base(const Options& options, const base::BaseImage& base, Locking& locking);

// How the wheels of this project's lock are fetched: locations below the project's root,
// credentials from the index a wheel lies on, or the requirement that names its URL. Everything
// passed in must outlive the function.
realise::WantedWheel wanted_wheels(const Project& project, const Locking& locking,
                                   const base::BaseImage& base, Services& services);

enum class MayWrite { no, lock_files };

// The second step. A lock that fits is taken as it is. Else the resolver is asked; a lock of the
// project is then brought up to date, and without one the result is kept in the store.
Result<lock::Lock> resolve_lock(const Options& options, const Project& project,
                                const Locking& locking, const base::BaseImage& base,
                                MayWrite may_write, Services& services);

LockQuestion question_of(const Project& project, const io::Tree& tree,
                         const lock::Choices& choices);

}  // namespace cogbuild::build
