#pragma once

#include "input_call.hpp"

#include <optional>

namespace cogbuild::schema {

// The Input that a parameter's default refers to: `Cls.attribute`, or `Cls.method(…)` whose body
// returns `Input(…)`, with what the call gives for `default`, `description`, `ge` and `le` in place
// of the method's own. As Cog does, of the same file only; nothing where it is no such reference.
std::optional<InputCall> shared_input(const syntax::Node& value, const SourceFile& file,
                                      Evaluator& evaluator);

// As Python finds it: a name, an attribute or the answer of a function, in any file of the project.
std::optional<InputCall> shared_input_in_python(const syntax::Node& value, const SourceFile& file,
                                                Evaluator& evaluator, Faults& faults);

}  // namespace cogbuild::schema
