#pragma once

#include <cogbuild/check/subject.hpp>

#include <string>
#include <vector>

namespace cogbuild::check {

// The words behind `pip install`, `pip3 install`, `python -m pip install`, `uv pip install`; empty
// for every other command.
std::vector<std::string> pip_install_words(const std::vector<std::string>& command);

// Those of all commands in `build.run`, one after the other.
std::vector<std::string> words_of_late_installs(const Subject& subject);

}  // namespace cogbuild::check
