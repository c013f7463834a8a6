#pragma once

#include "evaluate.hpp"
#include "faults.hpp"
#include "source_files.hpp"

#include <cogbuild/schema/signature.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::schema {

// What the arguments of one `Input(…)` say.
struct InputCall {
  std::optional<Literal> default_value{};
  std::optional<std::string> description{};
  std::optional<double> minimum{};
  std::optional<double> maximum{};
  std::optional<std::uint64_t> min_length{};
  std::optional<std::uint64_t> max_length{};
  std::optional<std::string> pattern{};
  std::vector<Literal> choices{};
  std::optional<bool> deprecated{};
  std::optional<std::string> accept{};
};

// `Input(…)`, or the name that `from cog import Input as …` gives it.
bool is_input_call(const syntax::Node& node, const SourceFile& file);
// Also `cog.Input(…)`, by any name of the module.
bool is_input_call_in_python(const syntax::Node& node, const SourceFile& file);

// The argument of `Input("x")` that the library takes for the default and Cog's generator passes
// over; no node where there is none.
syntax::Node ignored_default(const syntax::Node& value, const SourceFile& file);

// Arguments that cannot be read say nothing, as in Cog, but choices: those are faults.
InputCall read_input_call(const syntax::Node& call, const SourceFile& file, Evaluator& evaluator,
                          Faults& faults);

}  // namespace cogbuild::schema
