#include <cogbuild/python/marker.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::Marker;
using python::MarkerEnvironment;
using python::MarkerVariable;
using python::Target;
using python::Version;

namespace {

MarkerEnvironment environment(const std::string& python_version) {
  return MarkerEnvironment::of({.python = *Version::parse(python_version)});
}

Marker marker(const std::string& text) {
  const auto parsed = Marker::parse(text);
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

}  // namespace

TEST_CASE("MarkerEnvironment: the values of a target") {
  const auto full = environment("3.11.9");
  CHECK(full.python_version == "3.11");
  CHECK(full.python_full_version == "3.11.9");
  CHECK(full.implementation_version == "3.11.9");
  CHECK(full.platform_machine == "x86_64");
  CHECK(environment("3.11").python_full_version == "3.11.0");
  CHECK(environment("3.14.0rc1").python_full_version == "3.14.0rc1");
  CHECK(environment("3.14.0rc1").python_version == "3.14");
}

TEST_CASE("Marker: evaluation on CPython 3.11.9") {
  struct Row {
    std::string text{};
    bool holds = false;
  };
  const std::vector<Row> rows = {
      {"python_version < '3.9'", false},
      {"python_version >= \"3.8\"", true},
      {"python_version < '3.11.5'", true},
      {"python_full_version < '3.11.5'", false},
      {"python_version == '3.*'", true},
      {"python_version ~= '3.8'", true},
      {"'3.8' <= python_version", true},
      {"'3.12' > python_version", true},
      {"'3.12' < python_version", false},
      // The literal is the candidate: `<3.11.9` refuses its own pre-releases.
      {"'3.11.9rc1' < python_full_version", false},
      {"'3.11.8' < python_full_version", true},
      {"'3.11' ~= python_version", true},
      {"'dog' != python_version", false},
      {"python_version != 'dog'", true},
      {"platform_version != '1.0'", true},
      {"platform_release != '1.0'", false},
      {"python_version in '3.10 3.11'", true},
      {"python_version in '3.10, 3.1'", false},
      {"python_version not in '2.7 3.6'", true},
      {"'3.1' in python_version", true},
      {"sys_platform == 'linux'", true},
      {"sys_platform == 'Linux'", false},
      {"sys_platform != 'win32'", true},
      {"'lin' in sys_platform", true},
      {"sys_platform in 'linux darwin'", true},
      {"sys_platform not in 'win32'", true},
      {"sys_platform >= 'linux'", true},
      {"sys_platform > 'aix'", false},
      {"sys_platform < 'zos'", false},
      {"platform_machine === 'x86_64'", false},
      {"platform_machine ~= 'x86_64'", false},
      {"platform_release >= '5.0'", false},
      {"platform_release == ''", true},
      {"os.name == 'posix' and sys.platform == 'linux'", true},
      {"python_implementation == 'CPython'", true},
      {"os_name == 'nt' or os_name == 'posix' and sys_platform == 'darwin'", false},
      {"os_name == 'posix' or os_name == 'posix' and sys_platform == 'darwin'", true},
      {"(os_name == 'posix' or os_name == 'nt') and sys_platform == 'darwin'", false},
      {"extra == 'gpu'", false},
      {"extra != 'gpu'", true},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(marker(row.text).evaluate(environment("3.11.9")) == row.holds);
    CHECK(marker(to_string(marker(row.text))) == marker(row.text));
  }
}

TEST_CASE("Marker: extras compare normalized, and any requested one may hold") {
  const auto env = environment("3.11.9");
  CHECK(marker("extra == 'Dev_Tools'").evaluate(env, std::string_view("dev-tools")));
  const std::vector<std::string> extras = {"cpu", "dev-tools"};
  CHECK(marker("extra == 'dev.tools'").evaluate(env, extras));
  CHECK(!marker("extra == 'gpu'").evaluate(env, extras));
  CHECK(marker("extra != 'cpu'").evaluate(env, extras));
  CHECK(marker("os_name == 'posix'").evaluate(env, std::vector<std::string>{}));
}

TEST_CASE("Marker: uses finds variables that have no value in an image") {
  CHECK(
      marker("platform_release > '1' and os_name == 'nt'").uses(MarkerVariable::platform_release));
  CHECK(!marker("os_name == 'nt'").uses(MarkerVariable::platform_release));
}

TEST_CASE("Marker: text outside the grammar is refused, saying where") {
  struct Row {
    std::string text{};
    std::string message{};
  };
  const std::vector<Row> rows = {
      {"", "`` is not a valid marker: a variable or a quoted text was expected at character 1"},
      {"python_versio < '3'",
       "`python_versio < '3'` is not a valid marker: `python_versio` is not a variable at "
       "character 1"},
      {"os_name", "`os_name` is not a valid marker: a comparison was expected at character 8"},
      {"os_name == 'a",
       "`os_name == 'a` is not a valid marker: a quote is not closed at character 12"},
      {"os_name == 'a\\'",
       "`os_name == 'a\\'` is not a valid marker: a quoted text has a backslash at character 12"},
      {"os_name == 'a'\n",
       "`os_name == 'a'\n` is not a valid marker: `and`, `or` or the end was expected at "
       "character 15"},
      {"'a' == 'a'",
       "`'a' == 'a'` is not a valid marker: two literals are compared at character 8"},
      {"os_name == os_name",
       "`os_name == os_name` is not a valid marker: two variables are compared at character 12"},
      {"os_name == 'a' xor",
       "`os_name == 'a' xor` is not a valid marker: `and`, `or` or the end was "
       "expected at character 16"},
      {"(os_name == 'a'",
       "`(os_name == 'a'` is not a valid marker: `)` was expected at character 16"},
      {"os_name not 'a'",
       "`os_name not 'a'` is not a valid marker: `in` was expected after `not` at character 13"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Marker::parse(row.text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == row.message);
  }
}

TEST_CASE("Marker: hostile nesting and length end in errors, not in a deep stack") {
  CHECK(!Marker::parse(std::string(100'000, '(')));
  CHECK(!Marker::parse(std::string(60, '(')));
  const std::string one = "os_name == 'a'";
  std::string nested = one;
  for (int i = 0; i < 60; ++i) nested = "(" + nested + ")";
  CHECK(Marker::parse(nested));
  for (int i = 0; i < 10; ++i) nested = "(" + nested + ")";
  CHECK(!Marker::parse(nested));
  std::string many = one;
  for (int i = 0; i < 1023; ++i) many += " or " + one;
  CHECK(Marker::parse(many));
  CHECK(!Marker::parse(many + " or " + one));
}
