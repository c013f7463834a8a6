#pragma once

#include <cogbuild/lock/lock.hpp>

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

}  // namespace cogbuild::lock
