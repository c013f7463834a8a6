#include "user_side.hpp"

namespace cogbuild::resolve {

std::map<python::PackageName, UserSide> user_sides(const std::vector<Root>& roots,
                                                   const std::vector<Root>& constraints) {
  std::map<python::PackageName, UserSide> sides;
  const auto add = [&sides](const Root& root, bool requested) {
    UserSide& side = sides[root.name];
    side.specifiers.add(root.specifiers);
    side.hashes.insert(side.hashes.end(), root.hashes.begin(), root.hashes.end());
    if (side.root == nullptr) side.root = &root;
    if (side.direct == nullptr && !root.direct.empty()) side.direct = &root;
    side.prereleases = side.prereleases || root.prereleases;
    side.requested = side.requested || requested;
  };
  for (const Root& root : roots) add(root, root.group == lock::Group::project);
  for (const Root& root : constraints) add(root, false);
  return sides;
}

}  // namespace cogbuild::resolve
