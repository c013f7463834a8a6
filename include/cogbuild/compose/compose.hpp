#pragma once

#include <cogbuild/apt/fetch_packages.hpp>
#include <cogbuild/base/base_image.hpp>
#include <cogbuild/compose/services.hpp>
#include <cogbuild/configure/configure.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/system_lock.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <functional>
#include <string>
#include <vector>

namespace cogbuild::compose {

// What composing takes from outside, when the cache has not got it. Where the .debs of a lock are
// asked for is found out only then.
struct Origins {
  std::function<Result<apt::Mirrors>()> mirrors{};
  std::string python_mirror{};  // in place of where standalone builds are downloaded from
};

struct Composition {
  const lock::SystemLock& system;
  configure::Options configuring{};
  bool keep_docs = false;
  std::vector<configure::GeneratedFile> extra{};  // files that go with the interpreter
  std::vector<std::string> left_out{};            // files of packages that stay out, sorted
  Origins origins{};
};

// A base of the lock's packages and interpreter, on nothing: the same for the same lock, on any
// machine. `config` is the image config it gets, but for layers. Errors: as realise::realise and
// apt::fetch_packages.
Result<base::BaseImage> compose_base(const Composition& composition, image::ImageConfig config,
                                     const plan::PlanOptions& planning, const Services& services);

// The base with the lock's standalone interpreter above it.
Result<base::BaseImage> add_python(base::BaseImage below, const Composition& composition,
                                   const plan::PlanOptions& planning, const Services& services);

// The base with the lock's system packages above it; what it was, without any.
Result<base::BaseImage> add_system_packages(base::BaseImage below, const Composition& composition,
                                            const plan::PlanOptions& planning,
                                            const Services& services);

}  // namespace cogbuild::compose
