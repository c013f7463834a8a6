#pragma once

#include <cogbuild/build/build.hpp>
#include <cogbuild/lock/changes.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/target.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace cogbuild::build {

// How a lock is made, beside what it is made from.
struct LockMaking {
  bool upgrade = false;                         // no earlier version counts
  std::vector<std::string> upgrade_packages{};  // `NAME` or `NAME==VERSION`
  bool check = false;    // a lock that would change is an error, and is not written
  bool dry_run = false;  // nothing is written
};

// What became of a lock.
struct Locked {
  lock::Lock lock{};
  bool created = false;                 // there was none before
  bool changed = false;                 // it is, or under `dry_run` would be, written
  std::vector<std::string> reasons{};   // why the one before did not fit
  std::vector<lock::Change> changes{};  // against the one before
  std::vector<std::string> written{};   // names of files
};

// Brings pylock.toml and cogbuild.lock of a project up to date. A lock that fits its inputs is left
// alone, without network. Errors: as resolving; usage; lock_outdated under `check`.
struct ProjectLocking {
  Options options{};  // what concerns the project, its base and the choices
  LockMaking making{};
  bool upgrade_base = false;  // the base's tag is asked for what it names now
};
Result<Locked> lock_project(const ProjectLocking& locking, Services& services);

enum class LockFormat { pylock, requirements };

// Locks requirements files that belong to no project, for a target that is named.
struct RequirementsLocking {
  std::vector<std::filesystem::path> files{};
  std::filesystem::path output{};  // empty: not written
  LockFormat format = LockFormat::pylock;
  python::Target target{};
  lock::Choices choices{};
  LockMaking making{};
  bool offline = false;
  bool use_cache = true;
};
struct LockedRequirements {
  Locked locked{};
  std::string text{};  // in the format asked for
};
// The lock at `output`, if there is one of the same inputs, is left alone, without network.
Result<LockedRequirements> lock_requirements(const RequirementsLocking& locking,
                                             Services& services);

}  // namespace cogbuild::build
