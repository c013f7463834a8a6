#include <cogbuild/registry/challenge.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::registry {
namespace {

using Challenges = std::vector<Challenge>;

TEST_CASE("parse_challenges: schemes and parameters in order") {
  struct Row {
    std::string value;
    Challenges expected;
  };
  const std::vector<Row> rows{
      {"", {}},
      {"Basic", {{.scheme = "basic"}}},
      {R"(Basic realm="x")", {{.scheme = "basic", .parameters = {{"realm", "x"}}}}},
      {R"(Bearer realm="https://a/t?b=c,d",service="s",scope="repository:a/b:pull,push")",
       {{.scheme = "bearer",
         .parameters = {{"realm", "https://a/t?b=c,d"},
                        {"service", "s"},
                        {"scope", "repository:a/b:pull,push"}}}}},
      {R"(bearer REALM = "r" , Service=s)",
       {{.scheme = "bearer", .parameters = {{"realm", "r"}, {"service", "s"}}}}},
      {R"(Basic realm="a", Bearer realm="b",service="c")",
       {{.scheme = "basic", .parameters = {{"realm", "a"}}},
        {.scheme = "bearer", .parameters = {{"realm", "b"}, {"service", "c"}}}}},
      {R"(Negotiate, Basic realm="a")",
       {{.scheme = "negotiate"}, {.scheme = "basic", .parameters = {{"realm", "a"}}}}},
      {R"(Negotiate dG9rZW4=, Basic realm="a")",
       {{.scheme = "negotiate"}, {.scheme = "basic", .parameters = {{"realm", "a"}}}}},
      {R"(, ,Basic realm="say \"hi\"\\")",
       {{.scheme = "basic", .parameters = {{"realm", R"(say "hi"\)"}}}}},
      {R"(Bearer realm="a",realm="b")", {{.scheme = "bearer", .parameters = {{"realm", "a"}}}}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.value);
    CHECK(parse_challenges(row.value) == row.expected);
  }
}

TEST_CASE("parse_challenges: what cannot be read keeps what came before, and ends") {
  CHECK(parse_challenges(R"(Basic realm="a", "")") ==
        Challenges{{.scheme = "basic", .parameters = {{"realm", "a"}}}});
  CHECK(parse_challenges("=").empty());
  CHECK_FALSE(parse_challenges(R"(Bearer realm="never closed)").empty());
  CHECK(parse_challenges(std::string(100'000, ',')).empty());
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "a,";
  CHECK(parse_challenges(many).size() == 16);
}

}  // namespace
}  // namespace cogbuild::registry
