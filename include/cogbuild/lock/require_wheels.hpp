#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/lock.hpp>

#include <string>

namespace cogbuild::lock {

// Nothing when every distribution of the lock is a wheel, so that it can be installed as it is;
// else ErrorKind::unsupported, one finding for each that must be built first, in the lock's order.
Result<void> require_wheels(const Lock& lock);

// What a distribution that is no wheel would be built from: `source archive x-1.tar.gz`,
// `commit 0123456789ab of https://…`, `directory lib`. Empty for a wheel.
std::string describe_source(const LockedDistribution& distribution);

}  // namespace cogbuild::lock
