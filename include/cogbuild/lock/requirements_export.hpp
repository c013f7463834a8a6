#pragma once

#include <cogbuild/lock/lock.hpp>

#include <string>

namespace cogbuild::lock {

// The lock as a requirements file that pip and uv install from: the indexes first, then a
// distribution a line, with its hash. Sorted by name.
std::string to_requirements(const Lock& lock);

}  // namespace cogbuild::lock
