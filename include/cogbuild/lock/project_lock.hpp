#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/choices.hpp>
#include <cogbuild/lock/system_lock.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::lock {

// The base that a lock was made for.
struct LockedBase {
  std::string reference{};  // as asked for: `docker.io/library/python:3.11-slim`
  std::string digest{};     // of its manifest for the platform
  std::string platform{};   // `linux/amd64`
  std::string python{};     // of its interpreter, as it says it: `3.11.9`
  std::string libc{};       // `glibc 2.36`
  friend bool operator==(const LockedBase&, const LockedBase&) = default;
};

// `cogbuild.lock`: what a build takes from outside beside the Python distributions, which
// pylock.toml pins, and what both were made from.
struct ProjectLock {
  std::string inputs{};  // the same as in pylock.toml, or the two do not belong together
  std::vector<std::string> requirements{};  // a line each, sorted; for telling what changed
  LockedBase base{};
  Choices choices{};
  // Packages and a Python that are put in place here; none: all of the root is the base's.
  std::optional<SystemLock> system{};
  friend bool operator==(const ProjectLock&, const ProjectLock&) = default;
};

// Byte-stable TOML: parse_project_lock(to_toml(l)) == l for a lock whose lists are sorted as their
// comments say.
std::string to_toml(const ProjectLock& lock);
// Strict: keys that are not known are findings. `file` is for messages. Errors: config; unsupported
// for another version.
Result<ProjectLock> parse_project_lock(std::string_view text,
                                       const std::string& file = "cogbuild.lock");

// The names of both files beside a config file: `pylock.toml` and `cogbuild.lock` for cog.yaml,
// `pylock.cog-gpu.toml` and `cogbuild.cog-gpu.lock` for cog-gpu.yaml.
struct LockFileNames {
  std::string pylock{};
  std::string project{};
  friend bool operator==(const LockFileNames&, const LockFileNames&) = default;
};
LockFileNames lock_file_names(std::string_view config_file);
// Whether a path relative to the project's root is a lock's, of any config file.
bool is_lock_file(std::string_view path);

}  // namespace cogbuild::lock
