#pragma once

#include <cogbuild/pubgrub/version_set.hpp>
#include <cogbuild/python/specifier.hpp>

#include <vector>

namespace cogbuild::resolve {

// Which of the versions, ascending, fulfil all clauses: what testing each with
// `SpecifierSet::contains` would give, found by bisection, as each clause holds for one run of them
// (or all but one run).
pubgrub::VersionSet versions_within(const std::vector<python::Version>& versions,
                                    const python::SpecifierSet& specifiers);

}  // namespace cogbuild::resolve
