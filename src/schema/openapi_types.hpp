#pragma once

#include "json_value.hpp"

#include <cogbuild/schema/signature.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::schema {

// `negative_prompt` as `Negative Prompt`: bytes, as Cog does it.
std::string title_case(std::string_view name);

// The component of the output, with the title `Output`.
Json::Object output_schema(const OutputType& output);

// The component of the inputs without its title, and those of choices, which are named as inputs.
struct InputSchemas {
  Json::Object inputs{};
  std::vector<std::pair<std::string, Json>> choices{};
};
InputSchemas input_schemas(const std::vector<Input>& inputs);

// What Cog does to the finished document: no title beside a reference, and `anyOf` with null as
// `nullable`. It reaches into defaults, too.
void drop_titles_beside_references(Json& json);
void turn_null_variants_nullable(Json& json);

}  // namespace cogbuild::schema
