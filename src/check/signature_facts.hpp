#pragma once

#include <cogbuild/check/subject.hpp>

namespace cogbuild::check {

// Reads what `predict` and `train` of the config name.
void read_signatures(const io::Tree& project, Subject& subject);

}  // namespace cogbuild::check
