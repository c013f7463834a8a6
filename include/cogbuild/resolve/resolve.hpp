#pragma once

#include <cogbuild/config/config.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cogbuild::resolve {

struct Options {
  bool opencv_headless = true;  // replace the GUI distributions of OpenCV by the headless ones
  bool install_runtime = true;  // cog, coglet and what they need
  std::string sdk_wheel{};      // COG_SDK_WHEEL: `pypi`, `pypi:X`, a URL, a file or a directory
  std::string coglet_wheel{};   // COGLET_WHEEL
  // Beyond what the requirements file says.
  std::vector<std::string> extra_index_urls{};
  std::vector<std::string> find_links{};
};

struct Inputs {
  const config::Config& config;
  const io::Tree& project;
  python::Target target{};
  Options options{};
  // The environment (also for `${NAME}` in requirements), pip's configuration, the default index.
  pypi::IndexSources index_sources{};
};

struct Sources {
  std::function<Result<std::unique_ptr<DistributionSource>>(const pypi::IndexConfig&)> open;
  progress::Reporter& reporter;
};

// Config -> Lock: exactly one wheel for each distribution of the image; same inputs and same
// indexes give the same bytes. Every distribution the project needs must be pinned by the user;
// only what cog and coglet need beyond that is chosen here, newest first. Errors: config and
// unsatisfiable, one error with every finding in `others`; config for requirements that cannot be
// read; unsupported (source archives, version control); network, auth, integrity.
Result<lock::Lock> resolve(const Inputs& inputs, Sources& sources);

// The indexes and find-links of the project, with the credentials that belong to them: where the
// wheels of a lock are fetched from. Needs no network. Errors: as reading requirements.
Result<pypi::IndexConfig> index_config(const Inputs& inputs);

// Digest of everything that decides the lock, but for what the indexes hold: requirements, target,
// options, index URLs. Holds no credentials. Needs no network. Errors: as reading requirements.
Result<digest::Digest> inputs_digest(const Inputs& inputs);

}  // namespace cogbuild::resolve
