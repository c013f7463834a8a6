#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace cogbuild::schema {

// Why a value is not one of its schema, as the end of a sentence that begins with the value (`is 0,
// below the minimum of 1`), and what an author could do; null: it is one. `document` is what
// references point into.
struct ValueFault {
  std::string text{};
  std::string hint{};
};
std::optional<ValueFault> check_value(const nlohmann::json& document, const nlohmann::json& schema,
                                      const nlohmann::json& value);

// What a reference within the document points to; null: nothing, or it leads out of the document.
const nlohmann::json* find_reference(const nlohmann::json& document, const std::string& reference);

}  // namespace cogbuild::schema
