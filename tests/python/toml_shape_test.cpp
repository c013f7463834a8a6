#include <cogbuild/python/toml_shape.hpp>

#include <doctest/doctest.h>

#include <string>

using cogbuild::python::toml_nests_too_deeply;

namespace {

std::string many(const std::string& text, int times) {
  std::string all;
  for (int n = 0; n < times; ++n) all += text;
  return all;
}

}  // namespace

TEST_CASE("toml_nests_too_deeply: dots of keys count, those of texts and comments do not") {
  const std::string key = many("a.", 3000) + "a";
  CHECK(toml_nests_too_deeply(key + " = 1\n"));
  CHECK(toml_nests_too_deeply("[" + key + "]\n"));
  CHECK(toml_nests_too_deeply("x = { " + key + " = 1 }\n"));
  CHECK(toml_nests_too_deeply(many("\"a\".", 3000) + "a = 1\n"));
  CHECK(toml_nests_too_deeply("x = \"\"\"\" \"\" ' \"\"\"\n" + key + " = 1\n"));
  CHECK(toml_nests_too_deeply("x = '''\n\" '''\n" + key + " = 1\n"));
  CHECK(toml_nests_too_deeply("x = { a = \"\"\"b\"\"\"\", " + key + " = 1 }\n"));
  CHECK(toml_nests_too_deeply("x = { a = '''b''''', " + key + " = 1 }\n"));
  CHECK(toml_nests_too_deeply("x = \"\\\" \"\n" + key + " = 1\n"));
  CHECK(toml_nests_too_deeply("# \"\n" + key + " = 1\n"));
  CHECK(toml_nests_too_deeply(many(many("a.", 40) + "a = 1\n", 400)));

  CHECK_FALSE(toml_nests_too_deeply(""));
  CHECK_FALSE(toml_nests_too_deeply("x = \"" + key + "\"\n"));
  CHECK_FALSE(toml_nests_too_deeply("x = '" + key + "'\n"));
  CHECK_FALSE(toml_nests_too_deeply("x = \"\"\"\n" + key + "\"\"\"\n"));
  CHECK_FALSE(toml_nests_too_deeply("# " + key + "\n"));
  CHECK_FALSE(toml_nests_too_deeply(many("[tool.a.b]\nx.y = 1.5\n", 5000)));
}
