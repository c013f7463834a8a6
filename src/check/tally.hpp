#pragma once

#include <cogbuild/check/check.hpp>

#include <cstddef>
#include <string>

namespace cogbuild::check {

// How many findings there are of each kind.
struct Tally {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::size_t hints = 0;
  std::size_t fixable = 0;
};
Tally tally(const Outcome& outcome);

// `2 errors, 1 warning`; parts of zero are left out.
std::string in_words(const Tally& tally);

}  // namespace cogbuild::check
