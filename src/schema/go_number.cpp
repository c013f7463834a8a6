#include "go_number.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <string>

namespace cogbuild::schema {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::optional<int> digit_value(char letter) {
  if (is_digit(letter)) return letter - '0';
  const char small = lower(letter);
  if (small >= 'a' && small <= 'f') return small - 'a' + 10;
  return std::nullopt;
}

// The sign, if any, is taken off.
bool take_sign(std::string_view& text) {
  if (text.empty() || (text.front() != '-' && text.front() != '+')) return false;
  const bool negative = text.front() == '-';
  text.remove_prefix(1);
  return negative;
}

int prefix_base(std::string_view text) {
  if (text.size() < 3 || text.front() != '0') return 0;
  switch (lower(text[1])) {
    case 'x':
      return 16;
    case 'o':
      return 8;
    case 'b':
      return 2;
    default:
      return 0;
  }
}

// `digits`: without sign and prefix. After a prefix an underscore may come first.
bool underscores_stand_well(std::string_view digits, bool after_prefix) {
  bool behind_digit = after_prefix;
  bool behind_underscore = false;
  for (const char letter : digits) {
    if (letter == '_') {
      if (!behind_digit) return false;
      behind_digit = false;
      behind_underscore = true;
      continue;
    }
    behind_digit = digit_value(letter).has_value() && (after_prefix || is_digit(letter));
    if (behind_underscore && !behind_digit) return false;
    behind_underscore = false;
  }
  return !behind_underscore;
}

std::string without_underscores(std::string_view text) {
  std::string out;
  for (const char letter : text)
    if (letter != '_') out += letter;
  return out;
}

}  // namespace

std::optional<std::int64_t> parse_go_integer(std::string_view text) {
  const bool negative = take_sign(text);
  int base = prefix_base(text);
  const bool after_prefix = base != 0;
  if (after_prefix)
    text.remove_prefix(2);
  else
    base = text.size() > 1 && text.front() == '0' ? 8 : 10;
  if (text.empty() || !underscores_stand_well(text, after_prefix)) return std::nullopt;
  constexpr std::uint64_t kMax = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t limit = negative ? kMax + 1 : kMax;
  const auto radix = static_cast<std::uint64_t>(base);
  std::uint64_t value = 0;
  for (const char letter : text) {
    if (letter == '_') continue;
    const std::optional<int> digit = digit_value(letter);
    if (!digit || *digit >= base) return std::nullopt;
    const auto added = static_cast<std::uint64_t>(*digit);
    if (value > (limit - added) / radix) return std::nullopt;
    value = value * radix + added;
  }
  if (!negative) return static_cast<std::int64_t>(value);
  return value == kMax + 1 ? std::numeric_limits<std::int64_t>::min()
                           : -static_cast<std::int64_t>(value);
}

std::optional<double> parse_go_float(std::string_view text) {
  const bool negative = take_sign(text);
  // from_chars would take `inf`, `nan` and a second sign.
  if (text.empty() || (!is_digit(text.front()) && text.front() != '.')) return std::nullopt;
  if (!underscores_stand_well(text, false)) return std::nullopt;
  const std::string digits = without_underscores(text);
  double value = 0;
  const char* end = digits.data() + digits.size();
  const auto [at, error] = std::from_chars(digits.data(), end, value);
  if (at != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Too small is zero for Go; too large is no number.
    const std::size_t exponent = digits.find_first_of("eE");
    const bool tiny = exponent == std::string::npos
                          ? digits.find_first_not_of('0') == digits.find('.')
                          : digits[exponent + 1] == '-';
    if (!tiny) return std::nullopt;
    value = 0;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  if (!std::isfinite(value)) return std::nullopt;
  return negative ? -value : value;
}

}  // namespace cogbuild::schema
