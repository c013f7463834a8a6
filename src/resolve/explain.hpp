#pragma once

#include "provider.hpp"

#include <cogbuild/error/error.hpp>

#include <vector>

namespace cogbuild::resolve {

// What a failure rests on, in the user's terms.
struct Explanation {
  Error error;
  std::vector<const Root*> lines{};  // the user's lines that take part, in their order
};

// A failure as a short story: which of the user's lines ask for what, what the distributions
// between them need, and which versions cannot be installed and why. ErrorKind::unsatisfiable.
Explanation explain(const pubgrub::Failure& failure, const ProjectProvider& provider);

// The lines that nothing can fulfil, whatever others say: all are told at once, each at its place.
// Errors: as Catalogue::of.
Result<std::vector<Error>> find_hopeless_roots(ProjectProvider& provider);

// `1.0`, `1.0 and 1.1`, `1.0 to 2.3 (14 versions)`.
std::string in_words(const pubgrub::VersionSet& set, const std::vector<python::Version>& versions);

}  // namespace cogbuild::resolve
