#include "../../src/schema/literals.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace cogbuild;
using namespace cogbuild::schema;

namespace {

std::unique_ptr<syntax::Module> parse(std::string text) {
  auto module = syntax::Module::parse("m.py", std::move(text));
  REQUIRE(module.has_value());
  return std::move(*module);
}

// The right side of `x = …`.
syntax::Node right_side(const syntax::Module& module) {
  return module.root().first_named_child().first_named_child().field("right");
}

Literal text(std::string value) { return {.value = std::move(value)}; }
Literal number(std::int64_t value) { return {.value = value}; }
Literal list(Literal::List items) { return {.value = std::move(items)}; }

}  // namespace

TEST_CASE("read_literal: what Cog reads, as it reads it") {
  struct Row {
    const char* source;
    std::optional<Literal> value;
  };
  const Row rows[] = {
      {"None", Literal{}},
      {"True", Literal{.value = true}},
      {"-1", number(-1)},
      {"0x10", number(16)},
      {"1.0", Literal{.value = 1.0}},
      {"'a'", text("a")},
      {"\"\"\"a\nb\"\"\"", text("a\nb")},
      {"r'a'", text("a")},
      {"'a\\n'", text("a\\n")},       // no escape is processed
      {"('a')", std::nullopt},        // in parentheses
      {"'a' \"b\"", text("a' \"b")},  // side by side: the quotes between stay
      {"f'a'", std::nullopt},
      {"u'a'", std::nullopt},
      {"b'a'", std::nullopt},
      {"R'a'", std::nullopt},
      {"[1, 'a']", list({number(1), text("a")})},
      {"[1, x]", std::nullopt},
      {"[1,  # one\n 2]", std::nullopt},
      {"{1, 2}", list({number(1), number(2)})},
      {"(1, x, 2)", list({number(1), number(2)})},  // a tuple passes over what it cannot read
      {"{'a': 1, 'b': x, **c}", Literal{.value = Literal::Pairs{{text("a"), number(1)}}}},
      {"f()", std::nullopt},
      {"1e400", std::nullopt},
  };
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const auto module = parse(std::string("x = ") + row.source + "\n");
    CHECK(read_literal(right_side(*module)) == row.value);
  }
}

TEST_CASE("read_literal: too deep a value is none") {
  const auto module = parse("x = " + std::string(200, '[') + std::string(200, ']') + "\n");
  CHECK(read_literal(right_side(*module)) == std::nullopt);
}

TEST_CASE("read_string: whatever begins with a quote loses its ends") {
  CHECK(read_string(right_side(*parse("x = 'a' + 'b'\n"))) == "a' + 'b");
  CHECK(read_string(right_side(*parse("x = y\n"))) == std::nullopt);
}

TEST_CASE("length_of: what does not fit goes around as on amd64") {
  CHECK(length_of(3.9) == 3);
  CHECK(length_of(-1) == 18446744073709551615ULL);
  CHECK(length_of(1e19) == 10000000000000000000ULL);
  CHECK(length_of(2e19) == 9223372036854775808ULL);
  CHECK(length_of(-1e19) == 9223372036854775808ULL);
}

TEST_CASE("read_choices: lists, names of lists, keys, values and sums") {
  const std::string constants = "A = ['a']\nB = ('b', 'c')\nD = {'k': 1}\nS = {'s'}\nA = f()\n";
  struct Row {
    const char* source;
    std::optional<Literal::List> items;
  };
  const Row rows[] = {
      {"['x']", Literal::List{text("x")}},
      {"A", Literal::List{text("a")}},  // the last literal counts
      {"B", Literal::List{text("b"), text("c")}},
      {"list(D.keys())", Literal::List{text("k")}},
      {"list(D.values())", Literal::List{number(1)}},
      {"A + B", Literal::List{text("a"), text("b"), text("c")}},
      {"A + ['x'] + A", Literal::List{text("a"), text("x"), text("a")}},
      {"S", std::nullopt},
      {"('x',)", std::nullopt},
      {"D", std::nullopt},
      {"list(D)", std::nullopt},
      {"A - B", std::nullopt},
      {"UNKNOWN", std::nullopt},
  };
  const auto file = parse(constants);
  const Constants known(*file);
  for (const Row& row : rows) {
    CAPTURE(row.source);
    const auto module = parse(std::string("x = ") + row.source + "\n");
    CHECK(read_choices(right_side(*module), known) == row.items);
  }
}
