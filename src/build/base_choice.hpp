#pragma once

#include "lock_inputs.hpp"
#include "lock_state.hpp"
#include "project_step.hpp"

#include <cogbuild/base/selection.hpp>
#include <cogbuild/build/build.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/choices.hpp>
#include <cogbuild/lock/lock.hpp>

#include <string>

namespace cogbuild::build {

struct BaseQuestion {
  const Options& options;
  const Project& project;
  const LockQuestion& question;
  const LockFiles& files;
  std::string named{};  // by the user, a setting or the lock; empty: by nobody
  // What was resolved for the base chosen before; null: what the lock pins, if there is one. Which
  // CUDA libraries the wheels bring is known from a lock alone.
  const lock::Lock* resolved = nullptr;
};

// Which base this project stands on. A registry is asked only whether it has a base image of
// Cog's that no lock names. Errors: as base::select_base.
Result<base::Selection> choose_base(const BaseQuestion& asked, Services& services);

}  // namespace cogbuild::build
