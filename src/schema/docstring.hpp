#pragma once

#include "callable.hpp"

#include <string>

namespace cogbuild::schema {

// The first paragraph of the docstring of the class, else of the function, else of the module; its
// lines joined by spaces. Empty without one.
std::string first_docstring(const Callable& callable);

}  // namespace cogbuild::schema
