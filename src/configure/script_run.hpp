#pragma once

#include "script_effects.hpp"
#include "working_root.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::configure {

struct ScriptCall {
  std::string name{};                    // `postinst`
  std::vector<std::string> arguments{};  // `configure`, and the version before: none
  // The package's questions to the user, debconf-devel(7): answered by their defaults.
  std::string_view templates{};
};

// Follows a maintainer script as far as what it does can be told without running anything: tests of
// arguments, of files and of versions are decided, of the others both outcomes are followed. Adds
// what its commands would do, and names every command that is not known. Blocks that debhelper
// wrote are followed too, but nothing in them is unknown.
void follow_script(std::string_view text, const ScriptCall& call, const WorkingRoot& root,
                   ScriptEffects& effects);

}  // namespace cogbuild::configure
