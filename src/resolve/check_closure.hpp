#pragma once

#include "closure.hpp"
#include "user_side.hpp"

#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/python/target.hpp>

#include <map>
#include <vector>

namespace cogbuild::resolve {

struct Checked {
  const Closure& closure;
  const Decisions& decisions;
  const std::map<python::PackageName, UserSide>& users;
  const python::Target& target;
};

// In hash mode every distribution of the project must be pinned and list a hash, sorted by name.
std::vector<Error> find_missing_hashes(const Checked& checked);

// What is odd but no reason to stop: extras nobody offers, yanked files, Python caps crossed,
// sources that must be built.
void warn_of_oddities(const Checked& checked, progress::Reporter& reporter);

}  // namespace cogbuild::resolve
