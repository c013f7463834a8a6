#include <cogbuild/report/byte_size.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;

TEST_CASE("parse_size: decimal and binary units, with decimals") {
  const std::pair<const char*, std::uint64_t> table[] = {
      {"0", 0},
      {"2048", 2048},
      {"7B", 7},
      {"1k", 1'000},
      {"1.5GB", 1'500'000'000},
      {"900 MB", 900'000'000},
      {"5MiB", 5'242'880},
      {"5mib", 5'242'880},
      {"0.5KiB", 512},
      {"1.234567TB", 1'234'567'000'000},
      {"18446744073709551615", 18'446'744'073'709'551'615U},
      {"16777215.999999tib", 18'446'744'073'708'452'104U},
  };
  for (const auto& [text, bytes] : table) {
    CAPTURE(text);
    CHECK(report::parse_size(text) == bytes);
  }
}

TEST_CASE("parse_size: refuses what is not a size") {
  for (const char* const text :
       {"", "MB", "-1", "+1", "1.MB", ".5MB", "1..5", "1,5GB", "1.1234567MB", "5 MiBs", "5  MB",
        "1e3", "0x10", "18446744073709551616", "18446745TB", "16777216TiB", "5MB ", "5\n"}) {
    const auto size = report::parse_size(text);
    REQUIRE_MESSAGE(!size, text);
    CHECK(size.error().kind() == ErrorKind::usage);
    CHECK(size.error().message() == "`" + std::string(text) + "` is not a size");
  }
}

TEST_CASE("format_size: decimal megabytes with one decimal") {
  const std::pair<std::uint64_t, const char*> table[] = {
      {0, "0 MB"},
      {1, "<0.1 MB"},
      {49'999, "<0.1 MB"},
      {50'000, "0.1 MB"},
      {149'999, "0.1 MB"},
      {150'000, "0.2 MB"},
      {1'158'049'999, "1158.0 MB"},
      {18'446'744'073'709'551'615U, "18446744073709.6 MB"},
  };
  for (const auto& [bytes, text] : table) CHECK(report::format_size(bytes) == text);
}

TEST_CASE("format_change: carries its sign") {
  CHECK(report::format_change(5, 5) == "same");
  CHECK(report::format_change(0, 120'000'000) == "+120.0 MB");
  CHECK(report::format_change(30'000'000, 0) == "-30.0 MB");
  CHECK(report::format_change(1, 2) == "+<0.1 MB");
}

TEST_CASE("add_sizes: stops at the largest value") {
  CHECK(report::add_sizes(1, 2) == 3);
  CHECK(report::add_sizes(~std::uint64_t{0}, 2) == ~std::uint64_t{0});
}
