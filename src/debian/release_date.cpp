#include "ascii.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/release.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::debian {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

// Between `least` and `most` digits, taken off `text`.
bool take_number(std::string_view& text, std::size_t least, std::size_t most, unsigned& number) {
  std::size_t end = 0;
  number = 0;
  while (end < text.size() && end < most && is_digit(text[end]))
    number = number * 10 + static_cast<unsigned>(text[end++] - '0');
  text.remove_prefix(end);
  return end >= least;
}

bool take(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

bool parse_time(std::string_view text, std::chrono::seconds& time) {
  unsigned hours = 0, minutes = 0, seconds = 0;
  if (!take_number(text, 1, 2, hours) || !take(text, ':') || !take_number(text, 2, 2, minutes) ||
      !take(text, ':') || !take_number(text, 2, 2, seconds) || !text.empty())
    return false;
  if (hours > 23 || minutes > 59 || seconds > 59) return false;
  time = std::chrono::hours(hours) + std::chrono::minutes(minutes) + std::chrono::seconds(seconds);
  return true;
}

}  // namespace

Result<std::chrono::sys_seconds> parse_release_date(std::string_view text) {
  const auto wrong = [text](std::string_view why) {
    return fail(Error(ErrorKind::config, fmt::format("{} is not a date: {}", quoted(text), why)));
  };
  constexpr std::string_view kForm = "`Sat, 11 Jul 2026 10:16:37 UTC` is the form";
  std::string_view rest = text;
  auto word = next_word(rest);
  if (word.ends_with(',')) {
    word.remove_suffix(1);
    if (std::find(kDays.begin(), kDays.end(), word) == kDays.end()) return wrong(kForm);
    word = next_word(rest);
  }
  unsigned day = 0, year = 0;
  if (!take_number(word, 1, 2, day) || !word.empty()) return wrong(kForm);
  const auto month = std::find(kMonths.begin(), kMonths.end(), next_word(rest));
  if (month == kMonths.end()) return wrong(kForm);
  word = next_word(rest);
  if (!take_number(word, 4, 4, year) || !word.empty()) return wrong(kForm);
  std::chrono::seconds time{};
  if (!parse_time(next_word(rest), time)) return wrong(kForm);
  const auto zone = next_word(rest);
  if (zone != "UTC" && zone != "GMT" && zone != "Z" && zone != "+0000" && zone != "-0000")
    return wrong("it must be in UTC");
  if (!trim(rest).empty()) return wrong(kForm);
  const std::chrono::year_month_day date{
      std::chrono::year(static_cast<int>(year)),
      std::chrono::month(static_cast<unsigned>(month - kMonths.begin()) + 1),
      std::chrono::day(day)};
  if (!date.ok()) return wrong("there is no such day");
  return std::chrono::sys_days(date) + time;
}

std::string to_release_date(std::chrono::sys_seconds time) {
  const auto days = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss clock(time - days);
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} UTC", kDays[std::chrono::weekday(days).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

}  // namespace cogbuild::debian
