#include <cogbuild/registry/server_error.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::registry {
namespace {

TEST_CASE("parse_server_error: status, code, message and detail are shown, whatever the body is") {
  struct Row {
    int status;
    std::string body;
    std::string text;
  };
  const std::vector<Row> rows{
      {404, R"({"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown"}]})",
       "404 BLOB_UNKNOWN: blob unknown"},
      {400, R"({"errors":[{"code":"A","message":"b","detail":{"x":1}},{"code":"C","detail":"d"}]})",
       R"(400 A: b ({"x":1}); C (d))"},
      {401, R"({"errors":[{"message":"m","detail":null},7,{}]})", "401 m; "},
      {500, "", "500"},
      {429, "Too Many Requests (HAP429)\n", "429 Too Many Requests (HAP429)"},
      {502, "<html><head><title>502 Bad Gateway</title></head>\r\n<hr></html>",
       "502 502 Bad Gateway"},
      {401, R"({"details":"incorrect username or password"})",
       "401 incorrect username or password"},
      {403, R"({"error":"denied","message":"no"})", "403 no"},
      {500, R"({"errors":"x"})", R"(500 {"errors":"x"})"},
      {500, "\x1b[2Jx\x07", "500 [2Jx"},
      {500, "[]", "500 []"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.body);
    CHECK(to_string(parse_server_error(row.status, row.body)) == row.text);
  }
}

TEST_CASE("parse_server_error: long and deep bodies are cut") {
  CHECK(to_string(parse_server_error(500, std::string(1'000'000, 'x'))) ==
        "500 " + std::string(300, 'x') + "…");
  CHECK(to_string(parse_server_error(500, std::string(100'000, '['))).size() < 400);
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "ü";
  CHECK(parse_server_error(500, umlauts).text.size() <= 304);
}

TEST_CASE("ServerError::has: looks at every entry") {
  const auto error = parse_server_error(400, R"({"errors":[{"code":"A"},{"code":"B"}]})");
  CHECK(error.has("B"));
  CHECK_FALSE(error.has("C"));
}

}  // namespace
}  // namespace cogbuild::registry
