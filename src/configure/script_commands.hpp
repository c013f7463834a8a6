#pragma once

#include "evaluate_test.hpp"
#include "script_effects.hpp"
#include "shell_words.hpp"
#include "working_root.hpp"

#include <cstdint>
#include <vector>

namespace cogbuild::configure {

struct CommandResult {
  Outcome outcome = Outcome::unknown;
  bool is_known = true;  // whether all that the command does is among the effects, or no matter
};

// What a command of a maintainer script does, by its fields; none of the shell's own. `fields` is
// not empty.
CommandResult run_command(const std::vector<Field>& fields, const WorkingRoot& root,
                          ScriptEffects& effects);

}  // namespace cogbuild::configure
