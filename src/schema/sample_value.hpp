#pragma once

#include "json_value.hpp"

#include <cogbuild/schema/signature.hpp>

namespace cogbuild::schema {

// A value that tells what an input is for, by its name and type, and that the schema accepts: the
// first choice, a number within the limits, a text of the right length that matches the pattern
// where one is found.
Json sample_value(const Input& input);

}  // namespace cogbuild::schema
