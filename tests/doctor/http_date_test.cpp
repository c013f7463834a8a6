#include "../../src/doctor/http_date.hpp"

#include <doctest/doctest.h>

namespace cogbuild::doctor {

TEST_CASE("parse_http_date: the one form that servers send") {
  const auto date = parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT");
  REQUIRE(date.has_value());
  CHECK(date->time_since_epoch().count() == 784111777);
  for (const auto* bad : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                          "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 31 Feb 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 0x Nov 1994 08:49:37 GMT",
                          "Sun, 06 Nov 1994 08:49:37 GMT "})
    CHECK_FALSE(parse_http_date(bad).has_value());
}

}  // namespace cogbuild::doctor
