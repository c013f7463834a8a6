#pragma once

#include <cogbuild/config/config.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pypi/index_config.hpp>
#include <cogbuild/python/requirements_file.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/resolve/distribution_source.hpp>
#include <cogbuild/url/url.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::resolve {

enum class Resolution { highest, lowest, lowest_direct };

struct Options {
  bool opencv_headless = true;  // replace the GUI distributions of OpenCV by the headless ones
  bool install_runtime = true;  // cog, coglet and what they need
  std::string sdk_wheel{};      // COG_SDK_WHEEL: `pypi`, `pypi:X`, a URL, a file or a directory
  std::string coglet_wheel{};   // COGLET_WHEEL
  // Beyond what the requirements file says.
  std::vector<std::string> extra_index_urls{};
  std::vector<std::string> find_links{};
  // Instead of the config's requirements; paths relative to the project's root.
  std::vector<std::string> requirement_files{};
  std::vector<std::string> constraint_files{};  // beyond those that requirements name
  std::vector<std::string> override_files{};    // replace every requirement on the names they list
  Resolution resolution = Resolution::highest;
  bool prereleases = false;  // `--pre`
  // RFC 3339; files uploaded later, or at an unknown time, do not exist. Empty: no cutoff.
  std::string exclude_newer{};
  std::optional<pypi::IndexStrategy> index_strategy{};  // empty: as the environment says
  python::NameSelection no_binary{};                    // projects whose wheels do not count
  python::NameSelection only_binary{};  // projects whose source archives do not count
  bool prefer_binary = false;           // any wheel before every source archive
  // `auto` (by `gpu` and `cuda` of the config), `none`, `cpu`, `cu118`, …: the framework's index.
  std::string torch_backend = "auto";
  std::string torch_index{};  // where the backends' indexes are; empty: the framework's own site
};

// What an earlier resolution chose: tried first where it still fits, so that a lock changes least.
struct Preferences {
  std::optional<lock::Lock> previous{};
  python::NameSelection upgrade{};  // names whose earlier version does not count
};

struct Inputs {
  const config::Config& config;
  const io::Tree& project;
  python::Target target{};
  Options options{};
  // The environment (also for `${NAME}` in requirements), pip's configuration, the default index.
  pypi::IndexSources index_sources{};
  Preferences preferences{};  // no part of inputs_digest
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

// The URLs with credentials by which requirements name single distributions; a lock leaves the
// credentials out. Needs no network. Errors: as reading requirements.
Result<std::vector<url::Url>> direct_logins(const Inputs& inputs);

// Digest of everything that decides the lock, but for what the indexes hold: requirements, target,
// options, index URLs. Holds no credentials. Needs no network. Errors: as reading requirements.
Result<digest::Digest> inputs_digest(const Inputs& inputs);

}  // namespace cogbuild::resolve
