#pragma once

#include "project_step.hpp"
#include "root_wish.hpp"

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/build/build.hpp>
#include <cogbuild/build/services.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/project_lock.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <optional>
#include <string>

namespace cogbuild::build {

// What the image stands on, ready: the base with its interpreter and system packages.
struct Root {
  base::BaseImage base{};
  std::size_t image_layers = 0;  // of the image that was named; the others are made here
  std::size_t base_layers = 0;   // below system packages
  std::string digest{};          // of the image that was named; empty for a base composed here
  std::optional<lock::SystemLock> system{};  // what was put in place here
};

struct RootInputs {
  const Options& options;
  const Project& project;
  const RootWish& wish;
  const std::optional<lock::ProjectLock>& locked;
  const plan::PlanOptions& planning;
  bool moves = false;  // what the lock pins is chosen anew
  // Only what resolving asks of the root is wanted: its Python and C library are then those of the
  // packages, and nothing is fetched, unpacked or configured.
  bool for_resolving = false;
};

// Takes what the lock pins where it fits the wish; else what was chosen before for the same wish;
// else asks the archives. Errors: as pull::open_base, compose::choose_packages and compose_base;
// lock_outdated, under --locked.
Result<Root> open_root(const RootInputs& inputs, Registries& registries, Services& services);

}  // namespace cogbuild::build
