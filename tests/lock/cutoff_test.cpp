#include <cogbuild/lock/cutoff.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace cogbuild;

namespace {

// 2024-03-01T12:00:00Z
constexpr std::chrono::sys_seconds kNow{std::chrono::seconds(1709294400)};

}  // namespace

TEST_CASE("parse_cutoff: timestamps, dates and spans") {
  const std::pair<const char*, const char*> rows[] = {
      {"2024-05-01T12:00:00Z", "2024-05-01T12:00:00Z"},
      {"2024-05-01t12:00:00.123456z", "2024-05-01T12:00:00Z"},
      {"2024-05-01 12:00:00+02:00", "2024-05-01T10:00:00Z"},
      {"2024-05-01T23:30:00-01:00", "2024-05-02T00:30:00Z"},
      {"2024-02-28", "2024-02-29T00:00:00Z"},
      {"7 days", "2024-02-23T12:00:00Z"},
      {"1 week 2 hours", "2024-02-23T10:00:00Z"},
      {"24h", "2024-02-29T12:00:00Z"},
      {"30 minutes", "2024-03-01T11:30:00Z"},
      {"P7D", "2024-02-23T12:00:00Z"},
      {"P1W", "2024-02-23T12:00:00Z"},
      {"P1DT12H30M5S", "2024-02-28T23:29:55Z"},
  };
  for (const auto& [text, expected] : rows) {
    CAPTURE(text);
    CHECK(lock::parse_cutoff(text, kNow).value_or("none") == expected);
  }
}

TEST_CASE("parse_cutoff: anything else is a mistake") {
  for (const char* text : {"",
                           "yesterday",
                           "2024",
                           "2024-02-30",
                           "2024-13-01",
                           "2024-05-01T25:00:00Z",
                           "2024-05-01T12:00:00",
                           "2024-05-01T12:00Z",
                           "2024-05-01T12:00:00Zx",
                           "days",
                           "7",
                           "7 months",
                           "P",
                           "PT",
                           "P1Y",
                           "P7",
                           "-7 days",
                           "99999999999 days",
                           "999999999 weeks",
                           "7 dayss"}) {
    CAPTURE(text);
    const auto parsed = lock::parse_cutoff(text, kNow);
    REQUIRE(!parsed);
    CHECK(parsed.error().kind() == ErrorKind::usage);
  }
  CHECK(lock::parse_cutoff("yesterday", kNow).error().message() == "`yesterday` is no time");
}
