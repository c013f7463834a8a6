#include "json_value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace cogbuild::schema {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the UTF-8 sequence at the beginning of `text`; 0: it is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto follows = [&](std::size_t at, unsigned low = 0x80, unsigned high = 0xBF) {
    return at < text.size() && byte(at) >= low && byte(at) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const unsigned low = first == 0xE0 ? 0xA0 : 0x80;   // shorter forms of the same character
    const unsigned high = first == 0xED ? 0x9F : 0xBF;  // surrogates
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const unsigned low = first == 0xF0 ? 0x90 : 0x80;
    const unsigned high = first == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

void write_string(std::string_view text, std::string& out) {
  out += '"';
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const auto character = text.substr(0, std::max<std::size_t>(length, 1));
    const char c = character[0];
    if (length == 0)
      out += "\\ufffd";
    else if (character == "\xE2\x80\xA8")
      out += "\\u2028";
    else if (character == "\xE2\x80\xA9")
      out += "\\u2029";
    else if (c == '"' || c == '\\')
      out.append({'\\', c});
    else if (c == '\b')
      out += "\\b";
    else if (c == '\f')
      out += "\\f";
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (length == 1 && (c < ' ' || c == '<' || c == '>' || c == '&'))
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      out += character;
    text.remove_prefix(character.size());
  }
  out += '"';
}

std::string valid_utf8(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    out += length == 0 ? kReplacement : text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

// The shortest decimal digits that read back as the number: 0.d1d2d3… x 10^point.
struct Decimal {
  bool negative = false;
  std::string digits{};
  int point = 0;
};

Decimal shortest(double number) {
  std::array<char, 40> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), std::abs(number),
                                     std::chars_format::scientific);
  const std::string_view all(text.data(), static_cast<std::size_t>(written.ptr - text.data()));
  const std::size_t e = all.find('e');
  Decimal decimal{.negative = std::signbit(number), .digits = {}, .point = 0};
  for (const char c : all.substr(0, e))
    if (c != '.') decimal.digits += c;
  std::string_view exponent = all.substr(e + 1);
  if (exponent.starts_with('+')) exponent.remove_prefix(1);
  std::from_chars(exponent.data(), exponent.data() + exponent.size(), decimal.point);
  ++decimal.point;
  return decimal;
}

std::string plain(const Decimal& decimal) {
  std::string out = decimal.negative ? "-" : "";
  if (decimal.point <= 0) {
    out += "0";
    if (decimal.digits == "0") return out;
    return out + "." + std::string(static_cast<std::size_t>(-decimal.point), '0') + decimal.digits;
  }
  const auto whole = static_cast<std::size_t>(decimal.point);
  if (decimal.digits.size() <= whole)
    return out + decimal.digits + std::string(whole - decimal.digits.size(), '0');
  return out + decimal.digits.substr(0, whole) + "." + decimal.digits.substr(whole);
}

std::string scientific(const Decimal& decimal, int exponent_width) {
  std::string out = decimal.negative ? "-" : "";
  out += decimal.digits.substr(0, 1);
  if (decimal.digits.size() > 1) out += "." + decimal.digits.substr(1);
  const int exponent = decimal.point - 1;
  return out +
         fmt::format("e{}{:0{}}", exponent < 0 ? '-' : '+', std::abs(exponent), exponent_width);
}

struct Writer {
  std::string out{};
  bool indented = false;
  std::size_t depth = 0;

  void line() {
    if (!indented) return;
    out += '\n';
    out.append(2 * depth, ' ');
  }
  template <class Items, class Write>
  void enclosed(char open, char close, const Items& items, Write write) {
    out += open;
    if (!items.empty()) {
      ++depth;
      bool first = true;
      for (const auto& item : items) {
        if (!std::exchange(first, false)) out += ',';
        line();
        write(item);
      }
      --depth;
      line();
    }
    out += close;
  }
  void operator()(std::monostate) { out += "null"; }
  void operator()(bool truth) { out += truth ? "true" : "false"; }
  void operator()(std::int64_t number) { out += std::to_string(number); }
  void operator()(std::uint64_t number) { out += std::to_string(number); }
  void operator()(double number) { out += go_number(number); }
  void operator()(const std::string& text) { write_string(text, out); }
  void operator()(const Json::List& list) {
    enclosed('[', ']', list, [this](const Json& item) { std::visit(*this, item.value); });
  }
  void operator()(const Json::Object& object) {
    std::vector<const Json::Members::value_type*> members;
    members.reserve(object.members.size());
    for (const auto& member : object.members) members.push_back(&member);
    if (object.keys == Json::Keys::sorted)
      std::ranges::stable_sort(
          members, {}, [](const auto* member) -> const std::string& { return member->first; });
    enclosed('{', '}', members, [this](const auto* member) {
      write_string(member->first, out);
      out += indented ? ": " : ":";
      std::visit(*this, member->second.value);
    });
  }
};

}  // namespace

std::string write_compact(const Json& json) {
  Writer writer;
  std::visit(writer, json.value);
  return std::move(writer.out);
}

std::string write_indented(const Json& json) {
  Writer writer{.out = {}, .indented = true, .depth = 0};
  std::visit(writer, json.value);
  return std::move(writer.out);
}

Json through_any(const Json& json) {
  if (const auto* number = std::get_if<std::int64_t>(&json.value))
    return static_cast<double>(*number);
  if (const auto* number = std::get_if<std::uint64_t>(&json.value))
    return static_cast<double>(*number);
  if (const auto* text = std::get_if<std::string>(&json.value)) return valid_utf8(*text);
  if (const auto* list = std::get_if<Json::List>(&json.value)) {
    Json::List made;
    made.reserve(list->size());
    for (const auto& item : *list) made.push_back(through_any(item));
    return made;
  }
  if (const auto* members = std::get_if<Json::Object>(&json.value)) {
    Json::Object made;
    for (const auto& [key, value] : members->members) made.set(valid_utf8(key), through_any(value));
    return made;
  }
  return json;
}

std::string go_number(double number) {
  if (!std::isfinite(number)) return "null";
  const double size = std::abs(number);
  const auto decimal = shortest(number);
  return size != 0 && (size < 1e-6 || size >= 1e21) ? scientific(decimal, 1) : plain(decimal);
}

std::string go_verb_v(double number) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
  const auto decimal = shortest(number);
  const int exponent = decimal.point - 1;
  return number != 0 && (exponent < -4 || exponent >= 6) ? scientific(decimal, 2) : plain(decimal);
}

}  // namespace cogbuild::schema
