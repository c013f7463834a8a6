#pragma once

#include "shell_words.hpp"
#include "working_root.hpp"

#include <cstdint>
#include <vector>

namespace cogbuild::configure {

enum class Outcome : std::uint8_t { yes, no, unknown };

// `test` or `[` by its arguments, the closing bracket left out.
Outcome evaluate_test(const std::vector<Field>& arguments, const WorkingRoot& root);

}  // namespace cogbuild::configure
