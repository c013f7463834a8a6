#include "input_call.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::schema {
namespace {

using syntax::Node;

template <class T>
void set_if_read(std::optional<T>& field, std::optional<T> value) {
  if (value) field = std::move(value);
}

void set_length(std::optional<std::uint64_t>& field, const Node& value) {
  if (const std::optional<double> number = read_number(value)) field = length_of(*number);
}

std::vector<Literal> read_choices_or_fault(const Node& value, const SourceFile& file,
                                           Evaluator& evaluator, Faults& faults) {
  if (auto items = read_choices(value, file.constants)) return std::move(*items);
  if (auto items = evaluator.elements(value, file)) return std::move(*items);
  faults.add(Error(ErrorKind::config, "these choices are known only when the code runs")
                 .at(value.location())
                 .hint("write them as a list: `choices=[\"a\", \"b\"]`"));
  return {};
}

void read_argument(std::string_view name, const Node& value, const SourceFile& file,
                   Evaluator& evaluator, InputCall& out, Faults& faults) {
  if (name == "default") {
    // Cog takes what it cannot read for None.
    out.default_value = read_default(value, file.constants).value_or(Literal{});
  } else if (name == "default_factory") {
    if (!value.is("none"))
      faults.add(Error(ErrorKind::config, "an input has no `default_factory`")
                     .at(value.parent().location())
                     .hint("write a literal: `default=…`"));
  } else if (name == "description") {
    set_if_read(out.description, read_text(value, file.constants));
  } else if (name == "ge") {
    set_if_read(out.minimum, read_number(value));
  } else if (name == "le") {
    set_if_read(out.maximum, read_number(value));
  } else if (name == "min_length") {
    set_length(out.min_length, value);
  } else if (name == "max_length") {
    set_length(out.max_length, value);
  } else if (name == "regex") {
    set_if_read(out.pattern, read_string(value));
  } else if (name == "choices") {
    out.choices = read_choices_or_fault(value, file, evaluator, faults);
  } else if (name == "deprecated") {
    set_if_read(out.deprecated, read_boolean(value));
  } else if (name == "accept") {
    set_if_read(out.accept, read_string(value));
  }
}

}  // namespace

bool is_input_call(const Node& node, const SourceFile& file) {
  if (!node.is("call")) return false;
  const std::string_view name = node.field("function").text();
  if (name == "Input") return true;
  const Origin* origin = file.imports.find(name);
  return origin != nullptr && origin->module == "cog" && origin->original == "Input";
}

bool is_input_call_in_python(const Node& node, const SourceFile& file) {
  if (is_input_call(node, file)) return true;
  const Node function = node.field("function");
  if (!node.is("call") || !function.is("attribute") ||
      function.field("attribute").text() != "Input")
    return false;
  const Origin* origin = file.imports.find(function.field("object").text());
  return origin != nullptr && origin->is_module() && origin->module == "cog";
}

Node ignored_default(const Node& value, const SourceFile& file) {
  if (!is_input_call(value, file)) return {};
  const std::vector<syntax::Argument> arguments = syntax::arguments(value);
  return arguments.empty() || !arguments.front().name.empty() ? Node() : arguments.front().value;
}

InputCall read_input_call(const Node& call, const SourceFile& file, Evaluator& evaluator,
                          Faults& faults) {
  InputCall out;
  const std::vector<syntax::Argument> arguments = syntax::arguments(call);
  for (const syntax::Argument& argument : arguments)
    read_argument(argument.name, argument.value, file, evaluator, out, faults);
  // The library takes the first argument without a name for the default. Cog's generator passes
  // over it and calls the input required; only of a call that it refuses is there a choice.
  if (!is_input_call(call, file) && !arguments.empty() && arguments.front().name.empty() &&
      !out.default_value)
    read_argument("default", arguments.front().value, file, evaluator, out, faults);
  return out;
}

}  // namespace cogbuild::schema
