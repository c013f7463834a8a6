#pragma once

#include <cogbuild/lock/lock.hpp>
#include <cogbuild/lock/system_lock.hpp>

#include <string>
#include <vector>

namespace cogbuild::lock {

// A distribution that one of two locks has otherwise, or not at all; then its version is empty.
struct Change {
  std::string name{};
  std::string before{};
  std::string after{};
  friend bool operator==(const Change&, const Change&) = default;
};

// By name. A version that stays while its file changes (another source, another build) counts, too:
// both versions are then followed by the file's name.
std::vector<Change> changes(const Lock& before, const Lock& after);
// `numpy 1.26.3 -> 1.26.4`, `+ x 1.0`, `- y 2.0`.
std::string to_string(const Change& change);

// The same for the lines of requirements that two locks were made from: `numpy==1.26.3 ->
// numpy==1.26.4`, `+ x`, `- y`. Both sorted.
std::vector<std::string> requirement_changes(const std::vector<std::string>& before,
                                             const std::vector<std::string>& after);

// What was asked of the root otherwise: `suite: bookworm -> trixie`, `base packages: - git`,
// `system_packages: + ffmpeg`.
std::vector<std::string> system_wish_changes(const SystemLock& before, const SystemLock& after);
// These, then the packages that differ, by name: `ffmpeg 7:5.1.6-0 -> 7:5.1.8-0`, `+ git 1:2.39`;
// and the standalone Python: `CPython 3.12.10 -> 3.12.11`. What stays, but is another file or moves
// to another layer, counts, too.
std::vector<std::string> system_changes(const SystemLock& before, const SystemLock& after);

}  // namespace cogbuild::lock
