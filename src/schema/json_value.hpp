#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cogbuild::schema {

// A JSON value that is written byte for byte as Go's encoding/json writes it: Cog's schema is such
// a text. An object writes its keys sorted by bytes, or, where Cog keeps them, in the order in
// which they were set.
struct Json {
  enum class Keys { sorted, kept };
  using List = std::vector<Json>;
  using Members = std::vector<std::pair<std::string, Json>>;
  struct Object {
    Members members{};
    Keys keys = Keys::sorted;

    // A key that is there keeps its place.
    void set(std::string_view key, Json content);
    [[nodiscard]] Json* find(std::string_view key);
    void erase(std::string_view key);
  };

  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, List, Object>
      value{};

  // NOLINTBEGIN(google-explicit-constructor): documents are written down as nested braces
  Json() = default;
  Json(bool truth) : value(truth) {}
  Json(std::int64_t number) : value(number) {}
  Json(std::uint64_t number) : value(number) {}
  Json(double number) : value(number) {}
  Json(const char* text) : value(std::string(text)) {}
  Json(std::string text) : value(std::move(text)) {}
  Json(List list) : value(std::move(list)) {}
  Json(Object object) : value(std::move(object)) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] Object* object() { return std::get_if<Object>(&value); }
  [[nodiscard]] List* list() { return std::get_if<List>(&value); }
};

// Objects with sorted keys.
Json::Object object(std::initializer_list<std::pair<std::string_view, Json>> members = {});

// json.Marshal: `<`, `>`, `&`, U+2028 and U+2029 escaped, invalid UTF-8 as the escape of U+FFFD.
std::string write_compact(const Json& json);
// json.MarshalIndent with two spaces.
std::string write_indented(const Json& json);

// What is left of a value that went through json.Unmarshal into a map of `any`: every number is a
// float64, every key sorts, and invalid UTF-8 has become U+FFFD.
Json through_any(const Json& json);

// A finite number as encoding/json writes it: `1`, `0.5`, `1e+21`, `1e-7`.
std::string go_number(double number);
// The same as fmt's `%v` prints it: `1e+06`.
std::string go_verb_v(double number);

}  // namespace cogbuild::schema
