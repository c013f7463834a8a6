#include <cogbuild/http/base64.hpp>

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cogbuild::http;

TEST_CASE("base64: RFC 4648, section 10, both ways") {
  const std::vector<std::pair<std::string, std::string>> pairs = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
      {std::string("\0\xff\xfe", 3), "AP/+"}};
  for (const auto& [plain, packed] : pairs) {
    CHECK(base64_encode(plain) == packed);
    CHECK(base64_decode(packed) == plain);
    CHECK(base64_decode(packed.substr(0, packed.find('='))) == plain);
  }
  CHECK_FALSE(base64_decode("Zm9v!"));
  CHECK_FALSE(base64_decode("Zm 9v"));
}
