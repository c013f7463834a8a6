#include "build_flags.hpp"
#include "commands.hpp"
#include "resolve_flags.hpp"
#include "root_flags.hpp"
#include "session.hpp"

#include <cogbuild/build/lock_project.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <sys/utsname.h>

namespace cogbuild::cmd {

namespace {

constexpr const char* kDefaultPlatform = "linux/amd64";

struct LockCommand {
  std::string project = ".";
  std::string config_file = "cog.yaml";
  RootFlags root{};
  std::string platform = kDefaultPlatform;
  std::vector<std::string> requirement_files{};
  std::string output{};
  std::string python{};
  std::string libc = "glibc:2.36";
  std::string architecture{};
  std::string format = "pylock";
  ResolveFlags resolve{};
  build::LockMaking making{};
  bool upgrade_base = false;
  bool offline = false;
  bool no_cache = false;
  bool quiet = false;
  bool verbose = false;
  bool json = false;
};

std::string host_architecture() {
  struct utsname names {};
  return ::uname(&names) == 0 && std::string(names.machine) == "aarch64" ? "aarch64" : "x86_64";
}

// `glibc:2.36`, `musl:1.2`.
Result<python::Libc> to_libc(const std::string& text) {
  std::string words = text;
  std::ranges::replace(words, ':', ' ');
  auto libc = python::Libc::parse(words);
  if (libc) return libc;
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is no C library", text))
                  .hint("--libc takes glibc:2.36 or musl:1.2"));
}

Result<python::Target> to_target(const LockCommand& command) {
  if (command.python.empty())
    return fail(Error(ErrorKind::usage, "-r needs --python: no project says which one")
                    .hint("--python 3.12, or 3.12.4 where markers look at the patch level"));
  python::Target target;
  auto version = python::Version::parse(command.python);
  if (!version || version->release().size() < 2 || version->segment(0) != 3)
    return fail(Error(ErrorKind::usage, fmt::format("`{}` is no version of Python", command.python))
                    .hint("--python takes 3.12 or 3.12.4"));
  target.python = *std::move(version);
  TRY_ASSIGN(target.libc, to_libc(command.libc));
  target.architecture = command.architecture.empty() ? host_architecture() : command.architecture;
  if (target.architecture == "amd64") target.architecture = "x86_64";
  if (target.architecture == "arm64") target.architecture = "aarch64";
  if (target.architecture != "x86_64" && target.architecture != "aarch64")
    return fail(Error(ErrorKind::usage,
                      fmt::format("`{}` is no architecture known here", command.architecture))
                    .hint("allowed are x86_64 and aarch64"));
  return target;
}

std::string to_json(const build::Locked& locked) {
  nlohmann::ordered_json document = {{"changed", locked.changed},
                                     {"created", locked.created},
                                     {"distributions", locked.lock.distributions.size()},
                                     {"reasons", locked.reasons}};
  auto& changes = document["changes"] = nlohmann::ordered_json::array();
  for (const auto& change : locked.changes) {
    nlohmann::ordered_json entry = {{"name", change.name}};
    if (!change.before.empty()) entry["before"] = change.before;
    if (!change.after.empty()) entry["after"] = change.after;
    changes.push_back(std::move(entry));
  }
  document["written"] = locked.written;
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string summary(const build::Locked& locked, bool dry_run, double seconds) {
  const auto count = locked.lock.distributions.size();
  const auto what = fmt::format("{} distribution{}", count, count == 1 ? "" : "s");
  if (!locked.changed) return fmt::format("the lock of {} is up to date", what);
  std::string text =
      fmt::format("{} {} in {:.2f} s", dry_run ? "would lock" : "locked", what, seconds);
  if (locked.created) return text;
  const auto changes = locked.changes.size();
  return text + (changes == 0 ? " (none changed)" : fmt::format(" ({} changed)", changes));
}

Result<build::Locked> lock_files(const LockCommand& command, build::Services& services,
                                 std::string& text) {
  for (const auto& [flag, said] : {std::pair("--base", !command.root.base.empty()),
                                   std::pair("--upgrade-base", command.upgrade_base),
                                   std::pair("--platform", command.platform != kDefaultPlatform)})
    if (said)
      return fail(Error(ErrorKind::usage, fmt::format("{} does not go with -r", flag))
                      .hint("--python, --libc and --arch say what the lock is for"));
  build::RequirementsLocking locking;
  locking.files.assign(command.requirement_files.begin(), command.requirement_files.end());
  if (command.output != "-") locking.output = command.output;
  if (command.format != "pylock" && command.format != "requirements")
    return fail(Error(ErrorKind::usage, fmt::format("`{}` is no format", command.format))
                    .hint("allowed are pylock and requirements"));
  if (command.format == "requirements") locking.format = build::LockFormat::requirements;
  TRY_ASSIGN(locking.target, to_target(command));
  TRY_ASSIGN(locking.choices, to_choices(command.resolve));
  locking.making = command.making;
  locking.offline = command.offline;
  locking.use_cache = !command.no_cache;
  TRY_ASSIGN(auto locked, build::lock_requirements(locking, services));
  if (locking.output.empty()) text = std::move(locked.text);
  return std::move(locked.locked);
}

Result<build::Locked> lock_project(const LockCommand& command, build::Services& services) {
  for (const auto& [flag, said] :
       {std::pair("-o", !command.output.empty()), std::pair("--python", !command.python.empty()),
        std::pair("--arch", !command.architecture.empty()),
        std::pair("--format", command.format != "pylock")})
    if (said)
      return fail(Error(ErrorKind::usage, fmt::format("{} goes with -r", flag))
                      .hint("a project's lock lies beside its cog.yaml, for its base"));
  build::ProjectLocking locking;
  locking.options.project = command.project;
  locking.options.config_file = command.config_file;
  locking.options.base = command.root.base;
  TRY_ASSIGN(locking.options.platform, to_platform(command.platform));
  TRY_ASSIGN(locking.options.choices, to_choices(command.resolve));
  TRY(add_choices(command.root, locking.options.choices));
  locking.options.offline = command.offline;
  locking.options.use_cache = !command.no_cache;
  locking.making = command.making;
  locking.upgrade_base = command.upgrade_base;
  return build::lock_project(locking, services);
}

Result<void> run_lock(const LockCommand& command, Session& session) {
  const auto begun = std::chrono::steady_clock::now();
  if (command.quiet) session.set_verbosity(Verbosity::quiet);
  if (command.verbose) session.set_verbosity(Verbosity::verbose);
  TRY_ASSIGN(auto* const services, session.services());
  std::string text;
  auto locked = command.requirement_files.empty() ? lock_project(command, *services)
                                                  : lock_files(command, *services, text);
  if (!locked) return fail(std::move(locked).error());
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  // What goes to standard output was asked for; that it differs from nothing is no news.
  session.terminal().note(
      summary(*locked, command.making.dry_run || command.making.check, taken.count()));
  session.write_result(command.json ? to_json(*locked) : text);
  return {};
}

}  // namespace

void add_lock_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<LockCommand>();
  CLI::App* sub = app.add_subcommand(
      "lock", "Pin what a build takes from outside: pylock.toml and cogbuild.lock");
  sub->add_option("-C,--directory", command->project, "Project directory, or one below it");
  sub->add_option("-f,--file", command->config_file, "Name of the config file")
      ->capture_default_str();
  add_root_flags(*sub, command->root);
  sub->add_option("--platform", command->platform, "Platform of the image")->capture_default_str();
  sub->add_option("-r,--requirement", command->requirement_files,
                  "Lock this requirements file instead of a project");
  sub->add_option("-o,--output", command->output, "With -r: the lock (default, or -: print it)");
  sub->add_option("--python", command->python, "With -r: version of Python, 3.12 or 3.12.4");
  sub->add_option("--libc", command->libc, "With -r: glibc:2.36 or musl:1.2")
      ->capture_default_str();
  sub->add_option("--arch", command->architecture,
                  "With -r: x86_64 or aarch64 (default: this machine's)");
  sub->add_option("--format", command->format, "With -r: pylock or requirements")
      ->capture_default_str();
  sub->add_flag("--check", command->making.check, "Write nothing; exit 3 if the lock would change");
  sub->add_flag("--dry-run", command->making.dry_run, "Write nothing");
  sub->add_flag("-U,--upgrade", command->making.upgrade,
                "Choose every version anew, and ask what the base's tag names now");
  sub->add_option("-P,--upgrade-package", command->making.upgrade_packages,
                  "Choose the version of NAME anew, or take NAME==VERSION");
  sub->add_flag("--upgrade-base", command->upgrade_base, "Ask what the base's tag names now");
  add_resolve_flags(*sub, command->resolve);
  sub->add_flag("--offline", command->offline, "Use what is cached, ask no server");
  sub->add_flag("--no-cache", command->no_cache, "Ask the indexes again");
  sub->add_flag("-v,--verbose,--debug", command->verbose, "Say why the lock is made anew");
  sub->add_flag("-q,--quiet", command->quiet, "Say nothing but warnings and errors");
  sub->add_flag("--json", command->json, "Print what changed as JSON");
  sub->callback([command, &session] { session.finish(run_lock(*command, session)); });
}

}  // namespace cogbuild::cmd
