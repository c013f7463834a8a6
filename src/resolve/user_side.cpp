#include "user_side.hpp"

#include <algorithm>

namespace cogbuild::resolve {

// A local label makes another version, although `==` without one accepts it.
bool UserSide::names(const python::Version& version) const {
  return std::any_of(lone_pins.begin(), lone_pins.end(), [&](const python::Specifier& pin) {
    return pin.op == python::Operator::arbitrary ? pin.contains(version) : pin.version == version;
  });
}

std::map<python::PackageName, UserSide> user_sides(const std::vector<Root>& roots,
                                                   const std::vector<Root>& constraints,
                                                   const std::vector<Root>& overrides) {
  std::map<python::PackageName, UserSide> sides;
  const auto add_pin = [&sides](const Root& root) {
    const auto& clauses = root.specifiers.clauses();
    if (clauses.size() == 1 && root.specifiers.pin() != nullptr)
      sides[root.name].lone_pins.push_back(clauses.front());
  };
  for (const auto* list : {&roots, &constraints, &overrides})
    for (const Root& root : *list) add_pin(root);
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
  for (const Root& root : overrides) {
    if (root.hashes.empty()) continue;
    UserSide& side = sides[root.name];
    side.hashes = root.hashes;
    if (side.root == nullptr) side.root = &root;
  }
  return sides;
}

}  // namespace cogbuild::resolve
