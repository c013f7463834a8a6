#pragma once

#include "callable.hpp"
#include "evaluate.hpp"
#include "faults.hpp"
#include "models.hpp"

#include <cogbuild/schema/signature.hpp>

#include <vector>

namespace cogbuild::schema {

// The parameters of a function as inputs, in order (spec/cog.md 5.2). Those without an annotation
// and without a default are left out, with a warning.
std::vector<Input> read_inputs(const Callable& callable, Models& models, Evaluator& evaluator,
                               Faults& faults, std::vector<Error>& warnings);

}  // namespace cogbuild::schema
