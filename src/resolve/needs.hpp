#pragma once

#include "opencv.hpp"
#include "request.hpp"

#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/metadata.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::resolve {

// How a requirement in metadata is read; the same for every distribution.
struct ReadingRules {
  python::MarkerEnvironment environment{};
  Replacements replacements{};
  // Instead of every requirement on a name; those whose marker is false stand here without a root.
  std::map<python::PackageName, const Root*> overrides{};
};

// One requirement of a distribution on another, as it counts here.
struct Need {
  python::PackageName name{};  // after a replacement
  std::vector<std::string> extras{};
  python::SpecifierSet specifiers{};
  bool by_url = false;     // metadata names a URL, which an index's distribution must not
  std::string asked_as{};  // the name before the replacement; empty: the same
  const Root* overridden_by = nullptr;
};

// What a distribution requires by itself, or, with `extra`, what only that extra of it adds.
std::vector<Need> needs_of(const python::Metadata& metadata, std::string_view extra,
                           const ReadingRules& rules);

}  // namespace cogbuild::resolve
