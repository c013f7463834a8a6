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

struct BaseChoice {
  base::Selection selection{};
  // Nothing is resolved yet that would say whether a GPU framework needs a CUDA image: a base to
  // resolve for, no more.
  bool is_provisional = false;
};

// Which base this project stands on. A registry is asked only whether it has a base image of
// Cog's that no lock names. Errors: as base::select_base.
Result<BaseChoice> choose_base(const BaseQuestion& asked, Services& services);

}  // namespace cogbuild::build
