#pragma once

#include <cogbuild/build/lock_project.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <optional>

namespace cogbuild::build {

// What of an earlier lock counts. `-P NAME==VERSION` is a preference for that version, which
// `check_upgrades` holds the result to. Error: usage.
Result<resolve::Preferences> to_preferences(const LockMaking& making,
                                            std::optional<lock::Lock> earlier);
// Error: unsatisfiable, where a version that was asked for was not chosen.
Result<void> check_upgrades(const LockMaking& making, const lock::Lock& lock);

}  // namespace cogbuild::build
