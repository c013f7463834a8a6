#include "lock_inputs.hpp"
#include "lock_making.hpp"

#include <cogbuild/build/lock_project.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/lock/pylock.hpp>
#include <cogbuild/lock/requirements_export.hpp>
#include <cogbuild/python/requirements_file.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::build {

namespace {

using std::filesystem::path;

// The directory that plays the project's: the one all files lie below, and rather where the user
// stands, as messages name files from there.
path common_root(const std::vector<path>& files) {
  path common = files.front().parent_path();
  const auto is_below = [](const path& file, const path& directory) {
    const auto relative = file.lexically_relative(directory);
    return !relative.empty() && *relative.begin() != "..";
  };
  for (const auto& file : files)
    while (!is_below(file, common)) common = common.parent_path();
  std::error_code ignored;
  const auto here = std::filesystem::canonical(".", ignored);
  return !ignored && is_below(common, here) ? here : common;
}

Result<path> existing_file(const path& named) {
  std::error_code code;
  const auto found = std::filesystem::canonical(named, code);
  if (code || !std::filesystem::is_regular_file(found, code))
    return fail(Error(ErrorKind::usage, fmt::format("there is no file `{}`", named.string())));
  return found;
}

Result<std::optional<std::string>> read_output(const RequirementsLocking& asked) {
  if (asked.output.empty()) return std::nullopt;
  std::error_code ignored;
  for (const auto& file : asked.files)
    if (std::filesystem::equivalent(file, asked.output, ignored))
      return fail(Error(ErrorKind::usage, fmt::format("`{}` would be overwritten by its own lock",
                                                      asked.output.string())));
  auto text = io::read_file(asked.output);
  if (text) return std::optional(*std::move(text));
  if (text.error().kind() == ErrorKind::not_found) return std::nullopt;
  return fail(std::move(text).error());
}

// Paths in a lock are from where it lies.
void move_paths(lock::Lock& lock, const path& from, const path& to) {
  const auto move = [&](std::string& location) {
    if (location.empty() || location.find("://") != std::string::npos) return;
    location = (from / location).lexically_normal().lexically_relative(to).generic_string();
  };
  for (auto& distribution : lock.distributions) {
    if (distribution.form != lock::Form::version_control) move(distribution.location);
    move(distribution.index);
  }
  for (auto& index : lock.indexes) move(index);
}

std::string first_line(const Error& error) {
  std::string text = render(error);
  text.resize(std::min(text.find('\n'), text.size()));
  if (const auto at = text.find("error: "); at != std::string::npos) text.erase(at, 7);
  return text;
}

// The versions that an exported requirements file pins, to be preferred. Without digests it is no
// lock to be taken as it is.
std::optional<lock::Lock> pins_of(const std::string& requirements) {
  const io::MemoryTree tree({{"requirements.txt", requirements}});
  const auto file = python::read_requirements_file(tree, "requirements.txt");
  if (!file) return std::nullopt;
  lock::Lock lock;
  for (const auto& line : file->requirements) {
    const auto* const pin = line.requirement.specifiers.pin();
    if (pin == nullptr || pin->op != python::Operator::equal) continue;
    lock.distributions.push_back(
        {.name = to_string(line.requirement.name), .version = to_string(pin->version)});
  }
  return lock;
}

// Pins name no files, so that only a version can have changed.
void take_files(lock::Lock& pins, const lock::Lock& lock) {
  for (auto& pin : pins.distributions)
    for (const auto& distribution : lock.distributions)
      if (distribution.name == pin.name && distribution.version == pin.version) pin = distribution;
}

std::string to_text(const lock::Lock& lock, LockFormat format) {
  return format == LockFormat::requirements ? to_requirements(lock) : to_pylock(lock);
}

}  // namespace

Result<LockedRequirements> lock_requirements(const RequirementsLocking& asked, Services& services) {
  std::vector<path> files;
  for (const auto& named : asked.files) {
    TRY_ASSIGN(files.emplace_back(), existing_file(named));
  }
  std::vector<path> all = files;
  for (const auto* more : {&asked.choices.constraint_files, &asked.choices.override_files})
    if (*more)
      for (const auto& named : **more) {
        TRY_ASSIGN(all.emplace_back(), existing_file(named));
      }
  if (asked.making.check && asked.output.empty())
    return fail(
        Error(ErrorKind::usage, "--check has no lock to look at").hint("name the lock with -o"));
  TRY_ASSIGN(const auto before, read_output(asked));
  const path root = common_root(all);
  std::error_code ignored;
  const path lock_directory =
      asked.output.empty()
          ? root
          : std::filesystem::weakly_canonical(std::filesystem::absolute(asked.output), ignored)
                .parent_path();

  const config::Config config;
  const io::DiskTree tree(root);
  LockQuestion question{.config = config,
                        .project = tree,
                        .root = root,
                        .choices = paths_from(root, asked.choices),
                        .for_image = false};
  for (const auto& file : files)
    question.requirement_files.push_back(file.lexically_relative(root).generic_string());

  std::optional<lock::Lock> earlier;
  if (before && asked.format == LockFormat::pylock) {
    auto read =
        lock::parse_pylock(*before, {.file = asked.output.string(), .target = &asked.target});
    if (read)
      earlier = *std::move(read);
    else
      services.reporter.warn(first_line(read.error()) + "; it is written anew");
  }
  if (before && asked.format == LockFormat::requirements) earlier = pins_of(*before);
  const LockMaking& making = asked.making;
  // Against what cannot be read nothing is known to have changed.
  LockedRequirements result{.locked = {.created = !earlier.has_value()}};
  TRY_ASSIGN(const auto inputs, lock_inputs(question, asked.target, services));
  if (earlier && earlier->inputs == inputs && !making.upgrade && making.upgrade_packages.empty()) {
    TRY_ASSIGN(const auto changed, find_changed_file(*earlier, lock_directory, services));
    if (changed.empty()) {
      result.text = *before;
      result.locked.lock = *std::move(earlier);
      return result;
    }
  }
  TRY_ASSIGN(auto preferences, to_preferences(making, earlier));
  TRY_ASSIGN(result.locked.lock, ask_resolver(question, asked.target,
                                              {.preferences = std::move(preferences),
                                               .offline = asked.offline,
                                               .refresh = !asked.use_cache},
                                              services));
  lock::Lock& lock = result.locked.lock;
  TRY(check_upgrades(making, lock));
  move_paths(lock, root, lock_directory);
  if (earlier && asked.format == LockFormat::requirements) take_files(*earlier, lock);
  if (earlier) {
    result.locked.changes = lock::changes(*earlier, lock);
    for (const auto& change : result.locked.changes) services.reporter.note(to_string(change));
  }
  result.text = to_text(lock, asked.format);
  result.locked.changed = before != result.text;
  if (making.check && result.locked.changed)
    return fail(
        Error(ErrorKind::lock_outdated, fmt::format("{} is out of date", asked.output.string()))
            .hint("lock again without --check"));
  if (asked.output.empty() || making.dry_run || making.check || !result.locked.changed)
    return result;
  TRY(io::write_atomically(asked.output, result.text));
  result.locked.written.push_back(asked.output.string());
  return result;
}

}  // namespace cogbuild::build
