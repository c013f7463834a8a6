#pragma once

#include "lock_inputs.hpp"
#include "root_step.hpp"

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/lock/project_lock.hpp>
#include <cogbuild/lock/pylock.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::build {

// The two files of a project's lock as they lie there.
struct LockFiles {
  lock::LockFileNames names{};
  std::filesystem::path root{};
  std::optional<std::string> pylock_text{};
  std::optional<std::string> project_text{};
  std::optional<lock::ProjectLock> project{};
  // Whether the project has a lock of ours, which a build keeps up to date.
  [[nodiscard]] bool ours() const { return project.has_value(); }
  [[nodiscard]] bool foreign() const { return pylock_text.has_value() && !project.has_value(); }
};

// What to do with a lock's file that cannot be read: `cogbuild lock` writes it anew.
enum class Unreadable { is_an_error, is_absent_with_a_warning };

// Errors: config and unsupported, as reading cogbuild.lock; io.
Result<LockFiles> read_lock_files(const std::filesystem::path& root, const std::string& config_file,
                                  Unreadable unreadable, progress::Reporter& reporter);

// What a run asks of the lock, beside the question to the resolver.
struct LockWish {
  std::string base{};  // as the user or the config names it
  image::Platform platform{};
  std::vector<std::string> root_changes{};  // why what is installed below does not fit
};

// Why the lock does not fit, in words; empty: it does, and then `lock` is what it pins. Needs no
// network. Errors: as reading requirements, or pylock.toml unless it counts as absent when
// unreadable.
struct Freshness {
  std::vector<std::string> reasons{};
  std::optional<lock::Lock> lock{};
};
Result<Freshness> check_lock(const LockFiles& files, const LockQuestion& question,
                             const LockWish& wish, Unreadable unreadable, Services& services);

// What earlier choices there are to prefer: our lock, or one of another tool. A lock that cannot be
// read is a warning.
std::optional<lock::Lock> earlier_lock(const LockFiles& files, const python::Target& target,
                                       progress::Reporter& reporter);

// The error of --locked and --check.
Error lock_outdated(const LockFiles& files, const std::vector<std::string>& reasons,
                    std::string_view flag = "--locked");

// Error: config (a base without an interpreter, or whose C library could not be told).
Result<python::Target> target_of(const base::BaseImage& base, const image::Platform& platform);

// What the lock of this base says. `choices` hold no credentials.
Result<lock::ProjectLock> to_project_lock(const LockQuestion& question, const LockWish& wish,
                                          const Root& root, const std::string& inputs,
                                          const Services& services);

// Writes what differs from the files, each appearing whole. The names of those written. Error: io.
Result<std::vector<std::string>> write_lock_files(const LockFiles& files, const lock::Lock& lock,
                                                  const lock::ProjectLock& project);
// Whether it would write anything.
bool would_change(const LockFiles& files, const lock::Lock& lock, const lock::ProjectLock& project);

}  // namespace cogbuild::build
