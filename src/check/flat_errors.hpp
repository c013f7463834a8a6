#pragma once

#include <cogbuild/error/error.hpp>

#include <vector>

namespace cogbuild::check {

// Appends the error and all in `others`, depth first, each without its own `others`.
void append_flat(const Error& error, std::vector<Error>& out);

}  // namespace cogbuild::check
