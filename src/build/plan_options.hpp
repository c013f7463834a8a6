#pragma once

#include "lock_step.hpp"
#include "project_step.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/plan/plan_image.hpp>

namespace cogbuild::build {

// How the layers of this run are made, and what the image takes beside the project. Reads the files
// that flags name. Errors: usage, config, io.
Result<plan::PlanOptions> plan_options(const Options& options, const Project& project,
                                       const Locking& locking, Services& services);

}  // namespace cogbuild::build
