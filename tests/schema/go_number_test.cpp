#include "../../src/schema/go_number.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>

using namespace cogbuild::schema;

TEST_CASE("parse_go_integer: signs, bases and underscores as Go takes them") {
  struct Row {
    const char* text;
    std::optional<std::int64_t> value;
  };
  const Row rows[] = {
      {"0", 0},
      {"42", 42},
      {"-1", -1},
      {"+5", 5},
      {"1_000", 1000},
      {"0x10", 16},
      {"0xFF_FF", 65535},
      {"0x_1", 1},
      {"0o17", 15},
      {"017", 15},
      {"00", 0},
      {"0_0", 0},
      {"0b11", 3},
      {"-0x10", -16},
      {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
      {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
      {"9223372036854775808", std::nullopt},
      {"-9223372036854775809", std::nullopt},
      {"1__0", std::nullopt},
      {"1_", std::nullopt},
      {"_1", std::nullopt},
      {"08", std::nullopt},
      {"0b12", std::nullopt},
      {"0x", std::nullopt},
      {"- 1", std::nullopt},
      {"--1", std::nullopt},
      {"1j", std::nullopt},
      {"", std::nullopt},
      {"-", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(parse_go_integer(row.text) == row.value);
  }
}

TEST_CASE("parse_go_float: decimal numbers, and nothing that is not finite") {
  struct Row {
    const char* text;
    std::optional<double> value;
  };
  const Row rows[] = {
      {"1", 1},
      {"1.0", 1},
      {".5", 0.5},
      {"5.", 5},
      {"1e3", 1000},
      {"1E+2", 100},
      {"-0.5", -0.5},
      {"1_0.5", 10.5},
      {"08", 8},
      {"1e-400", 0},
      {"5e-324", 5e-324},
      {"1e400", std::nullopt},
      {"1__0", std::nullopt},
      {"1_.5", std::nullopt},
      {"0x10", std::nullopt},
      {"inf", std::nullopt},
      {"-inf", std::nullopt},
      {"nan", std::nullopt},
      {"1e", std::nullopt},
      {"1.5j", std::nullopt},
      {".", std::nullopt},
      {"(1)", std::nullopt},
      {"", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(parse_go_float(row.text) == row.value);
  }
  CHECK(std::signbit(*parse_go_float("-0.0")));
}
