#include <cogbuild/debian/relation.hpp>

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

using namespace cogbuild;
using debian::parse_relations;
using debian::Relation;
using debian::RelationField;
using debian::Relations;
using debian::VersionRelation;

namespace {

Relations relations(std::string_view text, RelationField field = RelationField::depends) {
  auto parsed = parse_relations(text, field);
  REQUIRE_MESSAGE(parsed, (parsed ? "" : parsed.error().message()));
  return *std::move(parsed);
}

std::string problem(std::string_view text, RelationField field = RelationField::depends) {
  const auto parsed = parse_relations(text, field);
  return parsed ? "" : parsed.error().message();
}

}  // namespace

TEST_CASE("parse_relations: groups and their alternatives keep their order") {
  const auto parsed = relations(
      "libc6 (>= 2.34), default-mta | mail-transport-agent|exim4:any (<<5) , python3:any");
  REQUIRE(parsed.size() == 3);
  CHECK(parsed.flat().size() == 5);
  CHECK(parsed[0].size() == 1);
  CHECK(parsed[0][0] ==
        Relation{.name = "libc6", .version = "2.34", .relation = VersionRelation::later_equal});
  REQUIRE(parsed[1].size() == 3);
  CHECK(parsed[1][0] == Relation{.name = "default-mta"});
  CHECK(parsed[1][1] == Relation{.name = "mail-transport-agent"});
  CHECK(parsed[1][2] == Relation{.name = "exim4",
                                 .qualifier = "any",
                                 .version = "5",
                                 .relation = VersionRelation::earlier});
  CHECK(parsed[2][0] == Relation{.name = "python3", .qualifier = "any"});
  CHECK(to_string(parsed) ==
        "libc6 (>= 2.34), default-mta | mail-transport-agent | exim4:any (<< 5), python3:any");
}

TEST_CASE("parse_relations: a field may span lines, be empty or have a comma too many") {
  CHECK(to_string(relations("a,\n b\n\t(= 1)\r\n, c")) == "a, b (= 1), c");
  CHECK(relations("").empty());
  CHECK(relations(" \n ").empty());
  CHECK(to_string(relations(", a,, b,")) == "a, b");
}

TEST_CASE("parse_relations: every relation of versions, the two old ones as dpkg reads them") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"a (<< 1)", "a (<< 1)"}, {"a (<= 1)", "a (<= 1)"}, {"a (= 1)", "a (= 1)"},
      {"a (>= 1)", "a (>= 1)"}, {"a (>> 1)", "a (>> 1)"}, {"a (< 1)", "a (<= 1)"},
      {"a (> 1)", "a (>= 1)"},  {"a(>=1)", "a (>= 1)"},   {"a ( = 1:2-3 )", "a (= 1:2-3)"},
  };
  for (const auto& [text, printed] : table) CHECK(to_string(relations(text)) == printed);
}

TEST_CASE("parse_relations: architectures and profiles belong to build relations alone") {
  const std::string_view text = "a (>= 1) [amd64 !i386] <!nocheck> <cross>, b [linux-any], c <x>";
  const auto parsed = relations(text, RelationField::build_depends);
  CHECK(parsed[0][0].architectures == "amd64 !i386");
  CHECK(parsed[0][0].profiles == "<!nocheck> <cross>");
  CHECK(to_string(parsed) == text);
  CHECK(problem("a [amd64]") ==
        "`a [amd64]` is not a package relation: only build relations restrict architectures");
  CHECK(problem("a <x>") ==
        "`a <x>` is not a package relation: only build relations have build profiles");
}

TEST_CASE("Relation: applies_to reads the brackets") {
  const auto applies = [](std::string_view text, std::string_view architecture) {
    return relations(text, RelationField::build_depends)[0][0].applies_to(architecture);
  };
  CHECK(applies("a", "amd64"));
  CHECK(applies("a [amd64]", "amd64"));
  CHECK_FALSE(applies("a [amd64]", "arm64"));
  CHECK(applies("a [i386 amd64]", "amd64"));
  CHECK_FALSE(applies("a [!i386 !amd64]", "amd64"));
  CHECK(applies("a [!i386]", "amd64"));
  CHECK(applies("a [linux-any]", "arm64"));
  CHECK(applies("a [any-arm64]", "arm64"));
  CHECK_FALSE(applies("a [any-arm64]", "amd64"));
  CHECK_FALSE(applies("a [kfreebsd-any]", "amd64"));
}

TEST_CASE("parse_relations: Provides has exact versions and no alternatives") {
  CHECK(to_string(relations("a, b (= 1.2)", RelationField::provides)) == "a, b (= 1.2)");
  CHECK(problem("a (>= 1)", RelationField::provides) ==
        "`a (>= 1)` is not a package relation: a provided version is given with `=`");
  CHECK(problem("a | b", RelationField::provides) ==
        "`a | b` is not a package relation: alternatives are not allowed here");
  CHECK(problem("x, a | b", RelationField::conflicts) ==
        "`a | b` is not a package relation: alternatives are not allowed here");
  CHECK(problem("a (<< 1)", RelationField::conflicts) == "");
}

TEST_CASE("parse_relations: what is wrong is shown") {
  CHECK(problem("libtag1-dev>=1.9") ==
        "`libtag1-dev>=1.9` is not a package relation: a comma or `|` must follow");
  CHECK(problem("a b") == "`a b` is not a package relation: a comma or `|` must follow");
  CHECK(problem("a |") == "`` is not a package relation: a package name is expected");
  CHECK(problem("a | , b") == "`` is not a package relation: a package name is expected");
  CHECK(problem("../a") == "`../a` is not a package relation: a package name is expected");
  CHECK(problem("c, a/b") == "`a/b` is not a package relation: a package name is expected");
  CHECK(problem("a:") ==
        "`a:` is not a package relation: an architecture is expected after the colon");
  CHECK(problem("a (>= 1") == "`a (>= 1` is not a package relation: `)` is missing");
  CHECK(problem("a (1)") ==
        "`a (1)` is not a package relation: one of `<<`, `<=`, `=`, `>=`, `>>` "
        "is expected in the parentheses");
  CHECK(problem("a (== 1)") ==
        "`a (== 1)` is not a package relation: one of `<<`, `<=`, `=`, `>=`, `>>` is expected in "
        "the parentheses");
  CHECK(problem("a (>= )") ==
        "`a (>= )` is not a package relation: `` is not a Debian version: it is empty");
  CHECK(problem("a (>= 1) (<< 2)") ==
        "`a (>= 1) (<< 2)` is not a package relation: a comma or `|` must follow");
  CHECK(problem("a []", RelationField::build_depends) ==
        "`a []` is not a package relation: the brackets are empty");
  CHECK(problem("a [amd64", RelationField::build_depends) ==
        "`a [amd64` is not a package relation: `]` is missing");
  CHECK(problem("a\x1b[2J") == "`a?[2J` is not a package relation: a package name is expected");
}

TEST_CASE("Relation: satisfied_by compares as the sign says") {
  const auto satisfied = [](std::string_view relation, std::string_view version) {
    return relations(relation)[0][0].satisfied_by(version);
  };
  const std::vector<std::tuple<std::string, bool, bool, bool>> table = {
      {"a", true, true, true},           {"a (<< 1.0)", true, false, false},
      {"a (<= 1.0)", true, true, false}, {"a (= 1.0)", false, true, false},
      {"a (>= 1.0)", false, true, true}, {"a (>> 1.0)", false, false, true}};
  for (const auto& row : table) {
    const auto& text = std::get<0>(row);
    const auto [older, same, newer] =
        std::tuple(std::get<1>(row), std::get<2>(row), std::get<3>(row));
    CAPTURE(text);
    CHECK(satisfied(text, "1.0~rc1") == older);
    CHECK(satisfied(text, "1.0-0") == same);
    CHECK(satisfied(text, "1.0-1") == newer);
  }
}

TEST_CASE("Relation: a provided name without a version satisfies no versioned relation") {
  const auto satisfied = [](std::string_view asked, std::string_view provided) {
    const auto offered = relations(provided, RelationField::provides);
    return relations(asked)[0][0].satisfied_by_provided(offered[0][0]);
  };
  CHECK(satisfied("a", "a"));
  CHECK(satisfied("a", "a (= 1)"));
  CHECK_FALSE(satisfied("a (>= 1)", "a"));
  CHECK(satisfied("a (>= 1)", "a (= 1)"));
  CHECK_FALSE(satisfied("a (>= 2)", "a (= 1)"));
}

TEST_CASE("is_package_name, is_architecture: never a path") {
  for (const char* name : {"libstdc++6", "g++", "0ad", "libfoo2.0-0", "A_b", "x"})
    CHECK(debian::is_package_name(name));
  for (const char* name : {"", "-a", ".", "..", "+", "a/b", "a b", "a:b", "a\n", "\xc3\xa4"})
    CHECK_FALSE(debian::is_package_name(name));
  CHECK(debian::is_architecture("amd64"));
  CHECK(debian::is_architecture("kfreebsd-amd64"));
  for (const char* name : {"", "-a", "a/b", "a_b", "a.b"})
    CHECK_FALSE(debian::is_architecture(name));
}
