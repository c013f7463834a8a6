#pragma once

#include "request.hpp"

#include <map>
#include <vector>

namespace cogbuild::resolve {

// What the user says of one distribution, over all roots and constraints on it.
struct UserSide {
  python::SpecifierSet specifiers{};
  std::vector<python::FileHash> hashes{};
  const Root* root = nullptr;    // the first one; a constraint's if no root names it
  const Root* direct = nullptr;  // that names a file, a directory or a commit
  bool prereleases = false;
  bool requested = false;  // some root names it

  [[nodiscard]] bool pinned() const { return direct != nullptr || specifiers.pin() != nullptr; }
};

// The roots and constraints must outlive the result.
std::map<python::PackageName, UserSide> user_sides(const std::vector<Root>& roots,
                                                   const std::vector<Root>& constraints);

}  // namespace cogbuild::resolve
