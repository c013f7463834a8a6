#include <cogbuild/lock/cutoff.hpp>

#include <fmt/format.h>

#include <charconv>
#include <optional>

namespace cogbuild::lock {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::int64_t kMaxSpanSeconds = std::int64_t{1000} * 366 * 86400;

// Takes what it reads off the front.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool skip(char wanted) {
    if (rest_.empty() || (rest_.front() | 0x20) != (wanted | 0x20)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly `count` digits, or any number of them for 0.
  std::optional<std::int64_t> number(std::size_t count) {
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] >= '0' && rest_[length] <= '9') ++length;
    if (count != 0 ? length < count : length == 0 || length > 9) return std::nullopt;
    if (count != 0) length = count;
    std::int64_t value = 0;
    std::from_chars(rest_.data(), rest_.data() + length, value);
    rest_.remove_prefix(length);
    return value;
  }
  void skip_spaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool done() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

std::optional<std::chrono::sys_days> read_date(Scanner& scanner) {
  const auto year = scanner.number(4);
  if (!year || !scanner.skip('-')) return std::nullopt;
  const auto month = scanner.number(2);
  if (!month || !scanner.skip('-')) return std::nullopt;
  const auto day = scanner.number(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date);
}

// `hh:mm`, in seconds; the hour and minute must exist.
std::optional<std::int64_t> read_clock(Scanner& scanner) {
  const auto hour = scanner.number(2);
  if (!hour || *hour > 23 || !scanner.skip(':')) return std::nullopt;
  const auto minute = scanner.number(2);
  if (!minute || *minute > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60;
}

std::optional<sys_seconds> read_time(std::string_view text) {
  Scanner scanner(text);
  const auto date = read_date(scanner);
  if (!date) return std::nullopt;
  if (scanner.done()) return sys_seconds(*date) + std::chrono::days(1);
  if (!scanner.skip('T') && !scanner.skip(' ')) return std::nullopt;
  const auto clock = read_clock(scanner);
  if (!clock || !scanner.skip(':')) return std::nullopt;
  const auto second = scanner.number(2);
  if (!second || *second > 60) return std::nullopt;
  if (scanner.skip('.') && !scanner.number(0)) return std::nullopt;
  std::int64_t offset = 0;
  if (!scanner.skip('Z')) {
    const bool ahead = scanner.rest().starts_with('+');
    if (!ahead && !scanner.rest().starts_with('-')) return std::nullopt;
    scanner.skip(ahead ? '+' : '-');
    const auto distance = read_clock(scanner);
    if (!distance) return std::nullopt;
    offset = ahead ? *distance : -*distance;
  }
  if (!scanner.done()) return std::nullopt;
  return sys_seconds(*date) + seconds(*clock + *second - offset);
}

// Seconds of a unit; 0: none of ours. A month has no fixed length.
std::int64_t unit_seconds(std::string_view unit) {
  if (unit.ends_with('s') && unit.size() > 1) unit.remove_suffix(1);
  if (unit == "week" || unit == "w") return 7 * 86400;
  if (unit == "day" || unit == "d") return 86400;
  if (unit == "hour" || unit == "h" || unit == "hr") return 3600;
  if (unit == "minute" || unit == "min" || unit == "m") return 60;
  if (unit == "second" || unit == "sec" || unit == "s") return 1;
  return 0;
}

// `7 days`, `1 week 2 days`.
std::optional<std::int64_t> read_words(std::string_view text) {
  Scanner scanner(text);
  std::int64_t total = 0;
  while (!scanner.done()) {
    const auto count = scanner.number(0);
    if (!count) return std::nullopt;
    scanner.skip_spaces();
    const auto end = std::min(scanner.rest().find_first_of(" 0123456789"), scanner.rest().size());
    const auto unit = unit_seconds(scanner.rest().substr(0, end));
    if (unit == 0) return std::nullopt;
    total += *count * unit;
    if (total > kMaxSpanSeconds) return std::nullopt;
    scanner = Scanner(scanner.rest().substr(end));
    scanner.skip_spaces();
  }
  return text.empty() ? std::nullopt : std::optional(total);
}

// `P7D`, `P2W`, `PT36H`; ISO 8601 without years and months.
std::optional<std::int64_t> read_iso(std::string_view text) {
  Scanner scanner(text);
  if (!scanner.skip('P') || scanner.done()) return std::nullopt;
  bool in_time = false;
  std::int64_t total = 0;
  while (!scanner.done()) {
    if (!in_time && scanner.skip('T')) {
      in_time = true;
      if (scanner.done()) return std::nullopt;
    }
    const auto count = scanner.number(0);
    if (!count) return std::nullopt;
    if (!in_time && scanner.skip('W'))
      total += *count * 7 * 86400;
    else if (!in_time && scanner.skip('D'))
      total += *count * 86400;
    else if (in_time && scanner.skip('H'))
      total += *count * 3600;
    else if (in_time && scanner.skip('M'))
      total += *count * 60;
    else if (in_time && scanner.skip('S'))
      total += *count;
    else
      return std::nullopt;
    if (total > kMaxSpanSeconds) return std::nullopt;
  }
  return total;
}

std::string to_text(sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace

Result<std::string> parse_cutoff(std::string_view text, sys_seconds now) {
  if (const auto time = read_time(text)) return to_text(*time);
  auto span = read_words(text);
  if (!span) span = read_iso(text);
  if (span) return to_text(now - seconds(*span));
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is no time", text))
                  .hint("allowed are 2024-05-01, 2024-05-01T12:00:00Z, `7 days`, P7D"));
}

}  // namespace cogbuild::lock
