#pragma once

#include "request.hpp"

#include <map>
#include <vector>

namespace cogbuild::resolve {

// What the user says of one distribution, over all roots and constraints on it.
struct UserSide {
  python::SpecifierSet specifiers{};
  std::vector<python::FileHash> hashes{};
  std::vector<python::Specifier> lone_pins{};  // of lines that say one exact version and no more
  const Root* root = nullptr;                  // the first one; a constraint's if no root names it
  const Root* direct = nullptr;                // that names a file, a directory or a commit
  bool prereleases = false;
  bool requested = false;  // some root names it

  // Whether some line names exactly this version, so that it may be a yanked one.
  [[nodiscard]] bool names(const python::Version& version) const;
  [[nodiscard]] bool pinned() const {
    return direct != nullptr || specifiers.pin() != nullptr || !lone_pins.empty();
  }
};

// Of an override its exact version and its hashes, instead of others, count here: its bounds
// replace others where they are read. Everything passed in must outlive the result.
std::map<python::PackageName, UserSide> user_sides(const std::vector<Root>& roots,
                                                   const std::vector<Root>& constraints,
                                                   const std::vector<Root>& overrides);

}  // namespace cogbuild::resolve
