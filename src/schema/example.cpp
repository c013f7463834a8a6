#include "json_literal.hpp"
#include "sample_value.hpp"

#include <cogbuild/schema/inputs_table.hpp>

#include <fmt/format.h>

namespace cogbuild::schema {

namespace {

bool is_secret(const InputType& type) {
  return type.kind == InputType::Kind::primitive && type.primitive == Primitive::secret;
}

std::string in_single_quotes(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string example_request(const Signature& signature, bool all) {
  Json::Object values{.members = {}, .keys = Json::Keys::kept};
  for (const auto& input : signature.inputs) {
    const bool has_default = input.default_value && !input.default_value->is_none();
    if (input.is_required())
      values.set(input.name, sample_value(input));
    else if (all && has_default)
      values.set(input.name, to_json(*input.default_value));
    else if (all && !is_secret(input.type) && !input.deprecated.value_or(false))
      values.set(input.name, sample_value(input));
  }
  return write_indented(object({{"input", std::move(values)}}));
}

std::string example_command(const Signature& signature) {
  return fmt::format(
      "curl -X POST http://localhost:5000/{} \\\n"
      "  -H 'Content-Type: application/json' \\\n"
      "  -d {}",
      signature.mode == Mode::train ? "trainings" : "predictions",
      in_single_quotes(example_request(signature)));
}

}  // namespace cogbuild::schema
