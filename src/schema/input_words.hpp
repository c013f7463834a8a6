#pragma once

#include <cogbuild/schema/signature.hpp>

#include <string>
#include <vector>

namespace cogbuild::schema {

// Types as people say them: `list of file`, `string or integer`.
std::string words_of(const InputType& type);
// `object with drawing (file), seed (integer, optional)`, `stream of text`.
std::string words_of(const OutputType& type);

// `required`, the default as JSON, or nothing for an input that may be left out.
std::string default_words(const Input& input);
// What a value is held to, a phrase each: `1 to 200`, `one of sepia, cyan`, `deprecated`.
std::vector<std::string> limit_words(const Input& input);

}  // namespace cogbuild::schema
