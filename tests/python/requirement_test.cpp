#include <cogbuild/python/requirement.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::Requirement;

TEST_CASE("Requirement: every form prints canonically and reads back equal") {
  struct Row {
    std::string text{};
    std::string canonical{};
  };
  const std::vector<Row> rows = {
      {"name", "name"},
      {"Zope.Interface==5.0", "zope-interface==5.0"},
      {"name>=3,<2", "name>=3,<2"},
      {"name (>=3, <2)", "name>=3,<2"},
      {"name[b, a,A]==1", "name[a,b]==1"},
      {"name[]", "name"},
      {"name[x] >= 1 ; python_version<'3'", "name[x]>=1 ; python_version < \"3\""},
      {"name;os_name=='a' and extra=='B_c'", "name ; os_name == \"a\" and extra == \"b-c\""},
      {"name@https://host/x.whl", "name @ https://host/x.whl"},
      {"name[x] @ https://host/a;b.whl ; os_name == 'a'",
       "name[x] @ https://host/a;b.whl ; os_name == \"a\""},
      {"name===weird", "name===weird"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Requirement::parse(row.text);
    REQUIRE(parsed);
    CHECK(to_string(*parsed) == row.canonical);
    CHECK(*Requirement::parse(row.canonical) == *parsed);
  }
}

TEST_CASE("Requirement: credentials of a URL are never printed") {
  const auto parsed = Requirement::parse("name @ https://user:secret@host/x.whl");
  REQUIRE(parsed);
  CHECK(parsed->url == "https://user:secret@host/x.whl");
  CHECK(to_string(*parsed) == "name @ https://host/x.whl");
  const auto broken = Requirement::parse("name @ https://user:secret@host/x.whl junk");
  REQUIRE(!broken);
  CHECK(broken.error().message() ==
        "`name @ https://host/x.whl junk` is not a valid requirement: `;` or the end was expected "
        "after "
        "the URL");
}

TEST_CASE("Requirement: a line break at the end is refused like one inside") {
  for (const std::string text : {"name>=1\n", "name ; os_name == 'a'\r\n"}) {
    CAPTURE(text);
    CHECK(!Requirement::parse(text));
  }
}

TEST_CASE("Requirement: strict spelling repairs nothing") {
  for (const std::string text : {"name >= 1.0 <= 2.0", "name (>=20.*) ; extra == 'format'"}) {
    CAPTURE(text);
    CHECK(Requirement::parse(text));
    CHECK(!Requirement::parse(text, python::Spelling::strict));
  }
}

TEST_CASE("Requirement: text outside the grammar is refused, saying why") {
  struct Row {
    std::string text{};
    std::string why{};
  };
  const std::vector<Row> rows = {
      {"", "it does not start with a project name"},
      {"==1.0", "it does not start with a project name"},
      {"name-", "it does not start with a project name"},
      {"name[", "an extra's name was expected"},
      {"name[a", "`]` was expected"},
      {"name[a,]", "an extra's name was expected"},
      {"name (>=1", "`)` was expected"},
      {"name @", "a URL was expected after `@`"},
      {"name>=1,\n<2", "it has a line break"},
      {"name 1.0", "`1.0` is not a valid version specifier: it does not start with an operator"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = Requirement::parse(row.text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == "`" + row.text + "` is not a valid requirement: " + row.why);
  }
}
