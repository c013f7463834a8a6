#include "root_step.hpp"

#include "package_sources.hpp"

#include <cogbuild/base/debian_base.hpp>
#include <cogbuild/base/find_tini.hpp>
#include <cogbuild/compose/compose.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/pull/open_image.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::build {

namespace {

compose::Services compose_services(const Options& options, Services& services) {
  return {.blobs = services.blobs,
          .keys = services.keys,
          .http = services.http,
          .runner = services.runner,
          .clock = services.clock,
          .reporter = services.reporter,
          .threads = options.threads,
          .use_cache = options.use_cache,
          .offline = options.offline};
}

std::string variable(const Services& services, const std::string& name) {
  const auto found = services.environment.find(name);
  return found == services.environment.end() ? std::string() : found->second;
}

// The release that packages come from.
std::string suite_of(const RootWish& wish, const base::BaseImage& below) {
  return wish.composed ? wish.packages.suite : codename_of(below.summary.os_release);
}

// Everything that decides which packages are chosen, but for the state of the archives.
std::string choice_key(const compose::PackageWishes& packages, const std::string& digest,
                       const apt::SourceSet& sources) {
  digest::Hasher hasher;
  const auto add = [&hasher](const std::string& line) { hasher.update(line + "\n"); };
  add("system 1");
  add(packages.suite);
  add(packages.architecture);
  add(digest);
  for (const auto* wishes : {&packages.base, &packages.python, &packages.system}) {
    add("wishes");
    for (const auto& one : *wishes) add(to_string(one));
  }
  for (const auto& source : sources.sources) add(to_string(source));
  return "system " + hasher.finish().hex();
}

// Whether what was chosen before counts.
enum class Memory { counts, is_outdated };

struct Chosen {
  lock::SystemLock system{};
  bool remembered = false;
};

// The wish's packages as pins: chosen before, or now.
Result<Chosen> choose(const RootInputs& inputs, const compose::PackageWishes& packages,
                      const base::BaseImage& below, const std::string& digest, Memory memory,
                      Services& services) {
  const RootWish& wish = inputs.wish;
  const auto& files = below.summary.files;
  TRY_ASSIGN(const auto sources, package_sources(inputs.project, suite_of(wish, below), files));
  const std::string key = choice_key(packages, digest, sources);
  if (inputs.options.use_cache && !inputs.moves && memory == Memory::counts) {
    TRY_ASSIGN(const auto known, services.keys.get(store::Table::lock, key));
    if (known)
      if (auto lock = lock::parse_project_lock(*known); lock && lock->system)
        return Chosen{.system = *std::move(lock->system), .remembered = true};
  }
  services.reporter.explain(
      fmt::format("{}: choosing packages from {}", wish.reference, sources.origin));
  TRY_ASSIGN(auto system, compose::choose_packages(packages, files, sources,
                                                   compose_services(inputs.options, services)));
  TRY(services.keys.put(store::Table::lock, key, to_toml(lock::ProjectLock{.system = system})));
  return Chosen{.system = std::move(system)};
}

// An image of Debian or Ubuntu that has no tini, which the model server is started by.
bool lacks_tini(const RootInputs& inputs, const base::BaseImage& below) {
  return !inputs.wish.composed && inputs.options.tini.empty() &&
         !base::find_tini(below.summary.tree) &&
         below.summary.files.contains("var/lib/dpkg/status");
}

// What the lock pins, if it was made for this very root: packages are of one architecture.
const lock::SystemLock* pinned(const RootInputs& inputs, const std::string& digest) {
  if (inputs.moves || !inputs.locked || !inputs.locked->system) return nullptr;
  const lock::LockedBase& locked = inputs.locked->base;
  if (locked.digest != digest || locked.platform != to_string(inputs.options.platform))
    return nullptr;
  return root_changes(*inputs.locked, inputs.wish).empty() ? &*inputs.locked->system : nullptr;
}

// Nothing, when nothing is to be installed.
Result<std::optional<Chosen>> take_or_choose(const RootInputs& inputs, const base::BaseImage& below,
                                             const std::string& digest, Memory memory,
                                             Services& services) {
  if (const auto* system = pinned(inputs, digest)) return Chosen{.system = *system};
  const RootWish& wish = inputs.wish;
  compose::PackageWishes packages = wish.packages;
  if (lacks_tini(inputs, below)) packages.system.push_back({.name = "tini"});
  if (!wish.composed && !wish.python && packages.system.empty()) return std::nullopt;
  Chosen chosen;
  if (wish.composed || !packages.system.empty()) {
    TRY_ASSIGN(chosen, choose(inputs, packages, below, digest, memory, services));
  }
  // What nobody wished for in so many words is no reason to choose anew.
  if (packages.system.size() > wish.packages.system.size()) chosen.system.system_names.pop_back();
  chosen.system.python = wish.python;
  return chosen;
}

compose::Composition composition(const RootInputs& inputs, const lock::SystemLock& system,
                                 const base::BaseImage& below, Services& services) {
  const auto& settings = inputs.project.settings;
  configure::Options configuring;
  for (const auto& name : settings.debian.skip_scripts)
    configuring.skip_scripts.push_back(name.value);
  std::string mirror = settings.python.mirror.value;
  for (const char* name : {"COGBUILD_PYTHON_MIRROR", "UV_PYTHON_INSTALL_MIRROR"})
    if (mirror.empty()) mirror = variable(services, name);
  return {.system = system,
          .configuring = std::move(configuring),
          .keep_docs = inputs.wish.keep_docs,
          .extra = inputs.wish.extra,
          .left_out = inputs.wish.left_out,
          .origins = {.mirrors = [&inputs, &below]() -> Result<apt::Mirrors> {
                        return package_mirrors(inputs.project, suite_of(inputs.wish, below),
                                               below.summary.files);
                      },
                      .python_mirror = std::move(mirror)}};
}

// `3.11.2` of the package's `3.11.2-6+deb12u6`, or of the standalone build.
std::string python_release(const RootWish& wish, const lock::SystemLock& system) {
  if (system.python) return system.python->version;
  const std::string name = fmt::format("python{}-minimal", wish.python_series);
  for (const auto& package : system.python_packages)
    if (package.name == name)
      return package.version.substr(0, package.version.find_first_of("-+~"));
  return wish.python_series;
}

// `2.36` of libc6's `2.36-9+deb12u14`.
std::string glibc_series(const lock::SystemLock& system) {
  for (const auto& package : system.base_packages)
    if (package.name == "libc6")
      return package.version.substr(0, package.version.find_first_of("-+~"));
  return "";
}

// What the root's files will say of its interpreter and C library.
void foretell(const RootWish& wish, const lock::SystemLock& system, base::TreeSummary& summary) {
  if (wish.composed || system.python)
    summary.interpreter = base::Interpreter{.version = python_release(wish, system)};
  if (const auto series = glibc_series(system); wish.composed && !series.empty())
    summary.libc = "glibc " + series;
}

image::ImageConfig config_of(const RootWish& wish, const lock::SystemLock& system) {
  image::ImageConfig config{.platform = wish.platform};
  for (const auto& [name, value] : base::base_environment(python_release(wish, system)))
    image::set_environment(config, name, value);
  return config;
}

// `remembered`: set when packages are those that were chosen before.
Result<Root> make_root(const RootInputs& inputs, Memory memory, Registries& registries,
                       Services& services, bool& remembered) {
  const RootWish& wish = inputs.wish;
  const Options& options = inputs.options;
  const auto composing = compose_services(options, services);
  Root root;
  if (!wish.composed) {
    auto opened = pull::open_base(inputs.moves ? wish.image : wish.pinned, options.platform,
                                  {.blobs = services.blobs,
                                   .keys = services.keys,
                                   .client_for = registries.as_function(),
                                   .reporter = services.reporter,
                                   .offline = options.offline});
    if (!opened && wish.reference.starts_with("debian:"))
      return fail(std::move(opened).error().hint(
          "a base that is composed here is named by its suite: debian:bookworm, debian:trixie"));
    if (!opened) return fail(std::move(opened).error());
    root.base = *std::move(opened);
    root.digest = to_string(root.base.manifest.digest);
    root.image_layers = root.base.layers.size();
  }
  root.base_layers = root.base.layers.size();
  TRY_ASSIGN(auto chosen, take_or_choose(inputs, root.base, root.digest, memory, services));
  if (!chosen) return root;
  remembered = chosen->remembered;
  root.system = std::move(chosen->system);
  if (inputs.for_resolving) {
    foretell(wish, *root.system, root.base.summary);
    return root;
  }
  const base::BaseImage below = root.base;
  const auto what = composition(inputs, *root.system, below, services);
  if (wish.composed) {
    TRY_ASSIGN(root.base, compose::compose_base(what, config_of(wish, *root.system),
                                                inputs.planning, composing));
  } else if (wish.python) {
    TRY_ASSIGN(root.base,
               compose::add_python(std::move(root.base), what, inputs.planning, composing));
  }
  root.base_layers = root.base.layers.size();
  TRY_ASSIGN(root.base,
             compose::add_system_packages(std::move(root.base), what, inputs.planning, composing));
  return root;
}

}  // namespace

Result<Root> open_root(const RootInputs& inputs, Registries& registries, Services& services) {
  for (const auto& warning : inputs.wish.warnings) services.reporter.warn(warning);
  bool remembered = false;
  auto root = make_root(inputs, Memory::counts, registries, services, remembered);
  if (root || !remembered) return root;
  const ErrorKind kind = root.error().kind();
  if (kind != ErrorKind::not_found && kind != ErrorKind::integrity) return root;
  // Archives drop what they replace: what nobody pinned is then chosen from what they have now.
  services.reporter.explain(fmt::format("choosing packages anew: {}", root.error().message()));
  return make_root(inputs, Memory::is_outdated, registries, services, remembered);
}

}  // namespace cogbuild::build
