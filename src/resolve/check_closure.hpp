#pragma once

#include "closure.hpp"
#include "solver.hpp"

#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/python/target.hpp>

#include <vector>

namespace cogbuild::resolve {

struct Checked {
  const Closure& closure;
  const Decisions& decisions;
  const std::map<python::PackageName, UserSide>& users;
  const std::vector<Root>& roots;
  const python::Target& target;
  bool hash_mode = false;
};

// Everything that keeps the closure from being a lock, sorted by name: no version, a pin that
// another requirement refuses, a distribution of the project that nobody pinned, a missing hash.
std::vector<Error> find_problems(const Checked& checked);

// What is odd but no reason to stop: extras nobody offers, yanked files, Python caps crossed.
void warn_of_oddities(const Checked& checked, progress::Reporter& reporter);

}  // namespace cogbuild::resolve
