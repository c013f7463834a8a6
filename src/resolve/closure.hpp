#pragma once

#include "opencv.hpp"
#include "project_files.hpp"
#include "request.hpp"

#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/metadata.hpp>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// A distribution as far as it is decided.
struct Decision {
  std::optional<Selected> selected{};
  std::string reason{};  // why nothing is selected
  bool direct = false;
  std::shared_ptr<const python::Metadata> metadata{};
};

using Decisions = std::map<python::PackageName, Decision>;

// One requirement on a distribution.
struct Want {
  python::PackageName requirer{};  // empty: a root
  const Root* root = nullptr;      // itself, or the root through which the requirer was reached
  python::SpecifierSet specifiers{};
  std::vector<std::string> extras{};
  bool by_url = false;  // metadata names a URL, which an index's distribution must not
  std::string asked_as{};
};

struct Node {
  bool project = false;  // reached from a requirement of the user, not from the runtime alone
  const Root* via = nullptr;
  std::set<std::string> extras{};
  std::vector<Want> wants{};
  std::set<python::PackageName> requirements{};
};

// Everything reachable from the roots through the metadata decided so far, with each requirement on
// it.
using Closure = std::map<python::PackageName, Node>;

// The roots must outlive the closure; they already bear replaced names.
Closure close(const std::vector<Root>& roots, const Decisions& decisions,
              const Replacements& replacements, const python::MarkerEnvironment& environment);

}  // namespace cogbuild::resolve
