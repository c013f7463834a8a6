#pragma once

#include <cogbuild/configure/configure.hpp>
#include <cogbuild/debian/deb_contents.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/lock/system_lock.hpp>

#include <string>
#include <vector>

namespace cogbuild::plan {

// Files of packages, unpacked; what configuring adds comes in a layer of its own.
struct DebLayer {
  std::vector<lock::LockedDeb> packages{};  // sorted by name
  debian::UnpackRules rules{};
  friend bool operator==(const DebLayer&, const DebLayer&) = default;
};

// What configuring packages leaves behind: a small layer above theirs.
struct ConfigurationLayer {
  std::vector<lock::LockedDeb> packages{};  // all that are unpacked above the base, sorted by name
  debian::UnpackRules rules{};
  configure::Options options{};
  std::string architecture{};  // Debian's
  digest::Digest base{};       // of the diff_ids below: configuring reads the base's files
  std::vector<configure::GeneratedFile> extra{};  // sorted by path; wins over what configuring says
  friend bool operator==(const ConfigurationLayer&, const ConfigurationLayer&) = default;
};

// A standalone build of CPython (`python/bin/…` of its archive) below a prefix.
struct StandalonePythonLayer {
  lock::LockedPython python{};
  std::string prefix = "usr/local";  // canonical, without leading slash
  friend bool operator==(const StandalonePythonLayer&, const StandalonePythonLayer&) = default;
};

}  // namespace cogbuild::plan
