#pragma once

#include <cogbuild/apt/archive.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/system_lock.hpp>

#include <functional>
#include <span>
#include <string>

namespace cogbuild::apt {

// Makes sure that every .deb is a blob of the store, several at a time; size and SHA-256 are
// verified. `mirrors`: the roots of archives to ask for an archive of the lock, in order (the
// configured sources of its codename, the one of the lock, then a snapshot at the archive's date).
// Errors: not_found, naming every package that is gone and that a snapshot may have it; network;
// integrity.
struct Mirrors {
  SourceSet sources{};
  std::string snapshot{};  // `https://host/archive`: `/<archive>/<time>/` is appended; empty: none
};
Result<void> fetch_packages(std::span<const lock::LockedDeb> packages,
                            std::span<const lock::LockedArchive> archives, const Mirrors& mirrors,
                            const Services& services);

}  // namespace cogbuild::apt
