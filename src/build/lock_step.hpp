#pragma once

#include "project_step.hpp"

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/build/build.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/realise/realise.hpp>

namespace cogbuild::build {

// What distributions are chosen for, as the base says it. Error: config (a base without libc
// facts).
Result<python::Target> target_of(const base::BaseImage& base, const image::Platform& platform);

// How the wheels of this project's lock are fetched: locations below the project's root,
// credentials from the index a wheel lies on. Everything passed in must outlive the function.
realise::WantedWheel wanted_wheels(const Options& options, const Project& project,
                                   const base::BaseImage& base, Services& services);

// The second step. A lock made before from the same inputs is taken from the store, without
// network.
Result<lock::Lock> resolve_lock(const Options& options, const Project& project,
                                const base::BaseImage& base, Services& services);

}  // namespace cogbuild::build
