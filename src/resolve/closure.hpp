#pragma once

#include "needs.hpp"

#include <cogbuild/python/metadata.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::resolve {

struct Selected {
  python::Version version{};
  DistributionFile file{};
};

// What was chosen of a distribution.
struct Decision {
  std::optional<Selected> selected{};
  bool direct = false;
  std::shared_ptr<const python::Metadata> metadata{};
  std::string metadata_digest{};  // of its fields
};

using Decisions = std::map<python::PackageName, Decision>;

// One requirement on a distribution.
struct Want {
  python::PackageName requirer{};  // empty: a root
  const Root* root = nullptr;      // itself, or the root through which the requirer was reached
  std::string asked_as{};
};

struct Node {
  bool project = false;  // reached from a requirement of the user, not from the runtime alone
  const Root* via = nullptr;
  std::set<std::string> extras{};
  std::vector<Want> wants{};
  std::set<python::PackageName> requirements{};
};

// Everything reachable from the roots through the metadata of what was chosen, with each
// requirement on it.
using Closure = std::map<python::PackageName, Node>;

// The roots must outlive the closure; they already bear replaced names.
Closure close(const std::vector<Root>& roots, const Decisions& decisions,
              const ReadingRules& rules);

}  // namespace cogbuild::resolve
