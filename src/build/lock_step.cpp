#include "lock_step.hpp"

#include <cogbuild/python/version.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <fmt/format.h>

#include <memory>
#include <mutex>

namespace cogbuild::build {

namespace {

std::string variable(const Services& services, const std::string& name) {
  const auto found = services.environment.find(name);
  return found == services.environment.end() ? std::string() : found->second;
}

// A relative path on the command line is meant from where the user stands; within the project it
// would be read from the project's root.
std::vector<std::string> from_here(std::vector<std::string> find_links) {
  for (auto& link : find_links)
    if (link.find("://") == std::string::npos) link = std::filesystem::absolute(link).string();
  return find_links;
}

}  // namespace

Result<python::Target> target_of(const base::BaseImage& base, const image::Platform& platform) {
  python::Target target;
  if (!base.summary.interpreter)
    return fail(Error(ErrorKind::config, fmt::format("the base {} has no Python", base.name)));
  TRY_ASSIGN(target.python, python::Version::parse(base.summary.interpreter->version));
  target.architecture = platform.architecture == "arm64" ? "aarch64" : "x86_64";
  auto libc = python::Libc::parse(base.summary.libc);
  if (!libc)
    return fail(
        Error(ErrorKind::config,
              fmt::format("the C library of the base {} could not be told", base.name))
            .hint("choose a base that keeps its package database, or has its libc.so.6 in /lib"));
  target.libc = *libc;
  return target;
}

namespace {

Result<resolve::Inputs> inputs_of(const Options& options, const Project& project,
                                  const io::Tree& tree, const base::BaseImage& base,
                                  const Services& services) {
  TRY_ASSIGN(python::Target target, target_of(base, options.platform));
  resolve::Inputs inputs{.config = project.config,
                         .project = tree,
                         .target = std::move(target),
                         .options = {.opencv_headless = options.opencv_headless,
                                     .sdk_wheel = variable(services, "COG_SDK_WHEEL"),
                                     .coglet_wheel = variable(services, "COGLET_WHEEL"),
                                     .extra_index_urls = options.extra_index_urls,
                                     .find_links = from_here(options.find_links)},
                         .index_sources = index_sources(services, project.root)};
  // --index-url stands before everything but the requirements file, as PIP_INDEX_URL does.
  if (options.index_url) inputs.index_sources.variables["PIP_INDEX_URL"] = *options.index_url;
  return inputs;
}

void tell_replacements(const lock::Lock& lock, progress::Reporter& reporter) {
  for (const auto& distribution : lock.distributions)
    if (!distribution.replaces.empty())
      reporter.note(fmt::format(
          "{} {} -> {} {} (no GUI libraries needed; --no-opencv-headless keeps it)",
          distribution.replaces, distribution.version, distribution.name, distribution.version));
}

}  // namespace

realise::WantedWheel wanted_wheels(const Options& options, const Project& project,
                                   const base::BaseImage& base, Services& services) {
  // Asked for when the first wheel is missing, and then once: most builds fetch nothing.
  struct Indexes {
    std::once_flag once{};
    Result<pypi::IndexConfig> config{};
  };
  auto indexes = std::make_shared<Indexes>();
  return [&, indexes](const lock::LockedDistribution& wheel) -> Result<fetch::Wanted> {
    fetch::Wanted wanted{.label = wheel.file_name,
                         .location = wheel.location,
                         .digest = wheel.digest,
                         .size_bytes = wheel.size_bytes};
    const bool is_url = wheel.location.find("://") != std::string::npos;
    if (!is_url && !wheel.location.starts_with('/'))
      wanted.location = (project.root / wheel.location).string();
    if (!is_url) return wanted;
    std::call_once(indexes->once, [&] {
      const io::DiskTree tree(project.root);
      const auto inputs = inputs_of(options, project, tree, base, services);
      indexes->config =
          inputs ? resolve::index_config(*inputs) : Result<pypi::IndexConfig>(fail(inputs.error()));
    });
    if (!indexes->config) return fail(indexes->config.error());
    TRY_ASSIGN(const url::Url location, url::parse(wheel.location));
    for (const auto& index : indexes->config->indexes) {
      if (!index.has_credentials() || !index.same_origin(location)) continue;
      wanted.username = index.username;
      wanted.password = index.password;
    }
    wanted.allow_insecure_tls = indexes->config->trusts(location);
    return wanted;
  };
}

Result<lock::Lock> resolve_lock(const Options& options, const Project& project,
                                const base::BaseImage& base, Services& services) {
  const io::DiskTree tree(project.root);
  TRY_ASSIGN(const resolve::Inputs inputs, inputs_of(options, project, tree, base, services));
  TRY_ASSIGN(const digest::Digest digest, resolve::inputs_digest(inputs));
  const std::string key = to_string(digest);
  TRY_ASSIGN(const auto known, services.keys.get(store::Table::lock, key));
  if (known && options.use_cache)
    if (auto lock = lock::parse(*known)) {
      tell_replacements(*lock, services.reporter);
      return *std::move(lock);
    }
  services.reporter.explain("the inputs of the lock are new: resolving");

  resolve::Sources sources{.open = [&](const pypi::IndexConfig& config)
                               -> Result<std::unique_ptr<resolve::DistributionSource>> {
                             return resolve::open_index_source(
                                 config,
                                 pypi::IndexServices{.http = services.http,
                                                     .blobs = services.blobs,
                                                     .keys = services.keys,
                                                     .clock = services.clock,
                                                     .reporter = services.reporter,
                                                     .offline = options.offline,
                                                     .refresh = !options.use_cache},
                                 tree);
                           },
                           .reporter = services.reporter};
  auto lock = resolve::resolve(inputs, sources);
  if (!lock) return fail(std::move(lock).error());
  TRY(services.keys.put(store::Table::lock, key, lock::to_json(*lock)));
  return lock;
}

}  // namespace cogbuild::build
