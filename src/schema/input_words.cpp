#include "input_words.hpp"

#include "json_literal.hpp"

#include <fmt/format.h>

namespace cogbuild::schema {

namespace {

const char* primitive_word(Primitive primitive) {
  switch (primitive) {
    case Primitive::boolean:
      return "boolean";
    case Primitive::number:
      return "number";
    case Primitive::integer:
      return "integer";
    case Primitive::string:
      return "string";
    case Primitive::path:
    case Primitive::file:
      return "file";
    case Primitive::secret:
      return "secret";
    case Primitive::any:
      break;
  }
  return "object";
}

template <class Type>
std::string element_words(const Type& type) {
  return type.of.empty() ? "object" : words_of(type.of.front());
}

// `1 to 200`, `at least 1`, `at most 200`; empty: no limit.
std::string range(const std::string& least, const std::string& most, const char* unit) {
  if (least.empty() && most.empty()) return "";
  if (most.empty()) return fmt::format("at least {}{}", least, unit);
  if (least.empty()) return fmt::format("at most {}{}", most, unit);
  return least == most ? fmt::format("exactly {}{}", least, unit)
                       : fmt::format("{} to {}{}", least, most, unit);
}

// A choice without quotes where nothing could be taken wrong.
std::string choice_words(const Literal& choice) {
  const auto* text = std::get_if<std::string>(&choice.value);
  const bool plain =
      text != nullptr && !text->empty() && text->find_first_of(", \"\n\t") == std::string::npos;
  return plain ? *text : write_compact(to_json(choice));
}

}  // namespace

std::string words_of(const InputType& type) {  // NOLINT(misc-no-recursion)
  switch (type.kind) {
    case InputType::Kind::primitive:
      return primitive_word(type.primitive);
    case InputType::Kind::any:
      return "object";
    case InputType::Kind::array:
      return "list of " + element_words(type);
    case InputType::Kind::one_of: {
      std::string words;
      for (const auto& variant : type.of)
        words += (words.empty() ? "" : " or ") + words_of(variant);
      return words;
    }
  }
  return "object";
}

std::string words_of(const OutputType& type) {  // NOLINT(misc-no-recursion)
  switch (type.kind) {
    case OutputType::Kind::primitive:
      return primitive_word(type.primitive);
    case OutputType::Kind::any:
      return "object";
    case OutputType::Kind::array:
      return "list of " + element_words(type);
    case OutputType::Kind::dictionary:
      return type.of.empty() ? "object" : "object whose values are " + element_words(type);
    case OutputType::Kind::iterator:
      return "stream of " + element_words(type);
    case OutputType::Kind::concatenate_iterator:
      return "text, as a stream of parts";
    case OutputType::Kind::object: {
      std::string words;
      for (const auto& field : type.fields)
        words += fmt::format("{}{} ({}{})", words.empty() ? "" : ", ", field.name,
                             words_of(field.type), field.required ? "" : ", optional");
      return words.empty() ? "object" : "object with " + words;
    }
  }
  return "object";
}

std::string default_words(const Input& input) {
  if (input.is_required()) return "required";
  if (!input.default_value || input.default_value->is_none()) return "";
  return write_compact(to_json(*input.default_value));
}

std::vector<std::string> limit_words(const Input& input) {
  std::vector<std::string> words;
  if (!input.choices.empty()) {
    std::string all;
    for (const auto& choice : input.choices)
      all += (all.empty() ? "" : ", ") + choice_words(choice);
    words.push_back("one of " + all);
  }
  const auto bound = [](const std::optional<double>& limit) {
    return limit ? go_number(*limit) : std::string();
  };
  const auto length = [](const std::optional<std::uint64_t>& limit) {
    return limit ? std::to_string(*limit) : std::string();
  };
  for (auto& limits : {range(bound(input.minimum), bound(input.maximum), ""),
                       range(length(input.min_length), length(input.max_length), " characters")})
    if (!limits.empty()) words.push_back(limits);
  if (input.pattern) words.push_back("matches " + *input.pattern);
  if (input.accept) words.push_back(*input.accept);
  if (input.deprecated.value_or(false)) words.emplace_back("deprecated");
  return words;
}

}  // namespace cogbuild::schema
