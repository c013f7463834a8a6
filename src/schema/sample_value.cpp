#include "sample_value.hpp"

#include "json_literal.hpp"
#include "sample_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace cogbuild::schema {

namespace {

struct Sample {
  std::string_view word{};  // of the input's name
  double value = 0;
};
// The first word that is part of the name decides.
constexpr std::array kNumbers{
    Sample{"seed", 42},         Sample{"width", 1024}, Sample{"height", 1024},
    Sample{"size", 512},        Sample{"steps", 30},   Sample{"guidance", 7.5},
    Sample{"temperature", 0.7}, Sample{"top_p", 0.9},  Sample{"top_k", 50},
    Sample{"tokens", 256},      Sample{"length", 256}, Sample{"quality", 90},
    Sample{"strength", 0.8},    Sample{"scale", 2},    Sample{"fps", 24},
    Sample{"frames", 48},       Sample{"duration", 8}, Sample{"batch", 1},
    Sample{"num", 1},           Sample{"count", 1},    Sample{"threshold", 0.5},
};

double clamped(double wanted, const Input& input) {
  if (input.minimum) wanted = std::max(wanted, *input.minimum);
  if (input.maximum) wanted = std::min(wanted, *input.maximum);
  return wanted;
}

double number_for(const Input& input, double otherwise) {
  const auto found = std::ranges::find_if(kNumbers, [&input](const Sample& sample) {
    return input.name.find(sample.word) != std::string::npos;
  });
  return clamped(found == kNumbers.end() ? otherwise : found->value, input);
}

Json integer_for(const Input& input) {
  double value = std::round(number_for(input, 1));
  if (input.minimum) value = std::max(value, std::ceil(*input.minimum));
  if (input.maximum) value = std::min(value, std::floor(*input.maximum));
  return value;
}

Json primitive_sample(Primitive primitive, const Input& input) {
  switch (primitive) {
    case Primitive::boolean:
      return true;
    case Primitive::number:
      return number_for(input, 0.5);
    case Primitive::integer:
      return integer_for(input);
    case Primitive::string:
      return sample_text(input);
    case Primitive::path:
    case Primitive::file:
      return sample_url(input);
    case Primitive::secret:
      return "your-token";
    case Primitive::any:
      break;
  }
  return object();
}

Json type_sample(const InputType& type, const Input& input) {  // NOLINT(misc-no-recursion)
  switch (type.kind) {
    case InputType::Kind::primitive:
      return primitive_sample(type.primitive, input);
    case InputType::Kind::any:
      return object();
    case InputType::Kind::array:
      return Json::List{type.of.empty() ? Json(object()) : type_sample(type.of.front(), input)};
    case InputType::Kind::one_of:
      return type.of.empty() ? Json(object()) : type_sample(type.of.front(), input);
  }
  return object();
}

}  // namespace

Json sample_value(const Input& input) {
  return input.choices.empty() ? type_sample(input.type, input) : to_json(input.choices.front());
}

}  // namespace cogbuild::schema
