#include "../../src/http/exchange.hpp"

#include <doctest/doctest.h>

using namespace cogbuild;
using namespace cogbuild::http;

TEST_CASE("Exchange: a host without a valid certificate vouches for nobody else") {
  const auto redirected = [](const std::string& from, const std::string& to) {
    auto exchange = Exchange::begin({.url = url::parse(from).value(), .allow_insecure_tls = true});
    REQUIRE(exchange);
    REQUIRE(exchange->take_head(302, {{"Location", to}}));
    const auto goes_on = exchange->finish();
    if (!goes_on) return goes_on.error().message();
    return std::string(exchange->request().allow_insecure_tls ? "trusted" : "checked");
  };
  CHECK(redirected("https://a.example/x", "https://a.example/y") == "trusted");
  CHECK(redirected("https://a.example/x", "http://a.example/y") == "trusted");
  CHECK(redirected("https://a.example/x", "https://b.example/y") == "checked");
  CHECK(redirected("https://a.example/x", "http://b.example/y") ==
        "GET https://a.example/x redirects from https to plain http");
}
