#include <cogbuild/python/specifier.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::SpecifierSet;
using python::Spelling;
using python::Version;

namespace {

SpecifierSet specifiers(const std::string& text) {
  const auto parsed = SpecifierSet::parse(text);
  REQUIRE_MESSAGE(parsed, text);
  return *parsed;
}

}  // namespace

TEST_CASE("SpecifierSet: which versions each operator accepts") {
  struct Row {
    std::string specifiers{};
    std::vector<std::string> accepted{};
    std::vector<std::string> refused{};
  };
  const std::vector<Row> rows = {
      {"==1.2.3", {"1.2.3", "1.2.3.0", "1.2.3+cu121"}, {"1.2.4", "1.2.3.post1", "1.2.3rc1"}},
      {"==1.2.3+cpu", {"1.2.3+cpu", "1.2.3+CPU"}, {"1.2.3", "1.2.3+cu118"}},
      {"!=1.2.3", {"1.2.4", "1.2.3.post1"}, {"1.2.3", "1.2.3+cu121"}},
      {"!=1.2.3+cpu", {"1.2.3"}, {"1.2.3+cpu"}},
      {">=1.7", {"1.7", "1.7+local", "1.7.post1", "2.0rc1"}, {"1.7rc1", "1.6"}},
      {"<=1.7", {"1.7", "1.7+local", "1.7rc1"}, {"1.7.post1", "1.7.1"}},
      {">1.7", {"1.7.1", "1.7.0.1", "2"}, {"1.7", "1.7.post1", "1.7+local", "1.7.0.post1"}},
      {">1.7a1", {"1.7a2", "1.7", "1.7.post1"}, {"1.7a1", "1.7a1.post1", "1.7a1+x"}},
      {">1.7.post1", {"1.7.post2", "1.7.post2.dev0"}, {"1.7.post1", "1.7.post1+x"}},
      {">1.7.dev1", {"1.7.dev2", "1.7a1", "1.7"}, {"1.7.dev1", "1.7.dev1+x"}},
      {"<2", {"1.9", "1.9.post1"}, {"2", "2.0rc1", "2.0.dev0", "2.0a1.post1"}},
      {"<2rc1", {"2b1", "2.dev1"}, {"2rc1", "2"}},
      {"<1.0.post1", {"1.0", "1.0a1", "1.0a1.post1"}, {"1.0.post1", "1.0.post1.dev0"}},
      {"~=2.2", {"2.2", "2.99"}, {"3.0", "2.1", "3.dev0"}},
      {"~=2.2.3", {"2.2.3", "2.2.9"}, {"2.3", "2.2.2"}},
      {"~=2.2.post3", {"2.2.post3", "2.9"}, {"2.2", "3"}},
      {"~=1!2.2", {"1!2.3"}, {"2.3", "1!3"}},
      {"==1.2.*",
       {"1.2", "1.2.9", "1.2rc1", "1.2.dev0", "1.2.post1", "1.2+x"},
       {"1.3", "1.20", "1"}},
      {"==1.0.*", {"1", "1rc1"}, {"1.1"}},
      {"!=1.2.*", {"1.3", "1.1"}, {"1.2", "1.2rc1"}},
      {"===1.0", {"1.0"}, {"1.0.0", "1.0+x"}},
      {"===1.0+CPU", {"1.0+cpu"}, {"1.0"}},
      {">=1,<2,!=1.5", {"1.4"}, {"1.5", "2", "0.9"}},
      {"", {"0", "99"}, {}},
  };
  for (const Row& row : rows) {
    CAPTURE(row.specifiers);
    const auto set = specifiers(row.specifiers);
    for (const auto& text : row.accepted) CHECK_MESSAGE(set.contains(*Version::parse(text)), text);
    for (const auto& text : row.refused) CHECK_MESSAGE(!set.contains(*Version::parse(text)), text);
  }
}

TEST_CASE("SpecifierSet: no pre-release is accepted when they are not allowed") {
  CHECK(specifiers(">=1.0rc1").contains(*Version::parse("1.0rc1")));
  CHECK(!specifiers(">=1.0rc1").contains(*Version::parse("1.0rc1"), false));
  CHECK(specifiers(">=1.0rc1").contains(*Version::parse("1.0"), false));
}

TEST_CASE("SpecifierSet: what published metadata gets wrong is repaired") {
  struct Row {
    std::string text{};
    std::string repaired{};
  };
  const std::vector<Row> rows = {
      {">=1.0,", ">=1.0"},         {">=3.5.*", ">=3.5"},         {"!=~3.1", "!=3.1.*"},
      {">=1.0<2.0", ">=1.0,<2.0"}, {">=1.0 <2.0", ">=1.0,<2.0"}, {"('>=3.6')", ">=3.6"},
      {"\">=3.6\"", ">=3.6"},      {">= 3.6 , < 4", ">=3.6,<4"}, {"<4.*,>=2.7.*", "<4,>=2.7"},
      {"(>=1.0)", ">=1.0"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(to_string(specifiers(row.text)) == row.repaired);
    CHECK(specifiers(row.repaired) == specifiers(row.text));
  }
}

TEST_CASE("SpecifierSet: strict spelling repairs nothing") {
  for (const std::string text : {">=3.5.*", "!=~3.1", ">=1.0<2.0", "'>=3.6'", "(>=3.6)"}) {
    CAPTURE(text);
    CHECK(!SpecifierSet::parse(text, Spelling::strict));
  }
  CHECK(SpecifierSet::parse(" >=3.5 , <4, ", Spelling::strict));
}

TEST_CASE("SpecifierSet: invalid clauses say why") {
  struct Row {
    std::string text{};
    std::string why{};
  };
  const std::vector<Row> rows = {
      {"2.0", "`2.0` is not a valid version specifier: it does not start with an operator"},
      {"=>2.0", "`=>2.0` is not a valid version specifier: it does not start with an operator"},
      {"==", "`==` is not a valid version specifier: the version is missing"},
      {"~=1", "`~=1` is not a valid version specifier: `~=` needs at least two release numbers"},
      {"~=1.0.*", "`~=1.0.*` is not a valid version specifier: `.*` goes only with `==` and `!=`"},
      {">=1.0+deadbeef",
       "`>=1.0+deadbeef` is not a valid version specifier: a local label goes only with `==`, `!=` "
       "and "
       "`===`"},
      {"==1.0.dev1.*",
       "`==1.0.dev1.*` is not a valid version specifier: `.*` must follow a release number"},
      {"==1.0+x.*",
       "`==1.0+x.*` is not a valid version specifier: `.*` must follow a release number"},
      {"==1.0.*.5",
       "`==1.0.*.5` is not a valid version specifier: `1.0.*.5` is not a valid version"},
      {"===", "`===` is not a valid version specifier: `===` needs one word"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto parsed = SpecifierSet::parse(row.text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == row.why);
  }
}

TEST_CASE("SpecifierSet: the pin is a `==` without wildcard, or a `===`") {
  CHECK(specifiers("==1.0").pin() != nullptr);
  CHECK(specifiers(">=0,==1.0").pin() != nullptr);
  CHECK(specifiers("===1.0").pin() != nullptr);
  CHECK(specifiers("==1.*").pin() == nullptr);
  CHECK(specifiers(">=1.0").pin() == nullptr);
  CHECK(specifiers("").pin() == nullptr);
}
