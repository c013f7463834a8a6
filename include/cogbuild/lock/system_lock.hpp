#pragma once

#include <cogbuild/digest/digest.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::lock {

// One suite of a distribution's archive, as it was when packages were chosen.
struct LockedArchive {
  std::string codename{};  // `bookworm-security`: the Release's Codename, else its Suite
  std::string origin{};    // of the Release: `Debian`
  std::string label{};     // of the Release: `Debian-Security`
  std::string uri{};       // root of the archive it was read from, without credentials
  std::string date{};      // of the Release, RFC 3339
  friend bool operator==(const LockedArchive&, const LockedArchive&) = default;
};

// A binary package, pinned.
struct LockedDeb {
  std::string name{};
  std::string version{};
  std::string architecture{};  // `amd64`, `all`
  std::string source{};        // name of the source package
  std::string archive{};       // codename of its LockedArchive
  std::string path{};          // relative to the archive's root
  std::uint64_t size_bytes = 0;
  digest::Digest digest{};  // SHA-256 of the .deb
  friend bool operator==(const LockedDeb&, const LockedDeb&) = default;
};

// A standalone build of CPython, pinned.
struct LockedPython {
  std::string version{};   // `3.12.11`
  std::string location{};  // URL, without credentials; a mirror takes the place of its beginning
  std::uint64_t size_bytes = 0;  // 0: unknown
  digest::Digest digest{};
  friend bool operator==(const LockedPython&, const LockedPython&) = default;
};

// What a root is made of beside Python distributions: in cogbuild.lock.
struct SystemLock {
  std::string suite{};  // codename of the distribution that was composed; empty: a foreign base
  std::vector<std::string> base_names{};     // wishes that the base was composed from, sorted
  std::vector<std::string> system_names{};   // `system_packages` as written, in order
  std::vector<LockedArchive> archives{};     // sorted by codename
  std::vector<LockedDeb> base_packages{};    // sorted by name
  std::vector<LockedDeb> python_packages{};  // the interpreter's, sorted by name
  std::vector<LockedDeb> system_packages{};  // what `system_names` add to the base, sorted by name
  std::optional<LockedPython> python{};      // instead of python_packages
  friend bool operator==(const SystemLock&, const SystemLock&) = default;
};

}  // namespace cogbuild::lock
