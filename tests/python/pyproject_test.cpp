#include <cogbuild/python/pyproject.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using python::parse_pyproject;

namespace {

std::string repeat(const std::string& text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

std::string error_of(const std::string& text) {
  const auto parsed = parse_pyproject(text);
  REQUIRE(!parsed);
  return parsed.error().message();
}

}  // namespace

TEST_CASE("parse_pyproject: the [project] table as written") {
  const auto parsed = parse_pyproject(
      "[build-system]\nrequires = ['hatchling']\n"
      "[project]\nname = 'My.Tool'\nversion = '1.0.0rc1'\nrequires-python = '>=3.9'\n"
      "dynamic = ['readme']\n"
      "dependencies = ['numpy>=1.20', \"torch ; sys_platform == 'linux'\"]\n"
      "[project.optional-dependencies]\ngpu = ['cupy']\nDev_Tools = []\n");
  REQUIRE_MESSAGE(parsed, (parsed ? "" : render(parsed.error())));
  REQUIRE(*parsed);
  const python::ProjectTable& project = **parsed;
  CHECK(to_string(project.name) == "my-tool");
  CHECK(project.name_text == "My.Tool");
  CHECK(to_string(*project.version) == "1.0.0rc1");
  CHECK(project.requires_python == ">=3.9");
  CHECK(project.dependencies ==
        std::vector<std::string>{"numpy>=1.20", "torch ; sys_platform == 'linux'"});
  CHECK(project.optional_dependencies ==
        std::map<std::string, std::vector<std::string>>{{"Dev_Tools", {}}, {"gpu", {"cupy"}}});
  CHECK(project.is_dynamic("readme"));
  CHECK(!project.is_dynamic("dependencies"));
}

TEST_CASE("parse_pyproject: a file without the table is no error") {
  for (const char* text :
       {"", "[tool.poetry]\nname = 'x'\n[tool.poetry.dependencies]\npython='3'\n",
        "[build-system]\nrequires = []\n"}) {
    const auto parsed = parse_pyproject(text);
    REQUIRE(parsed);
    CHECK(!*parsed);
  }
}

TEST_CASE("parse_pyproject: what contradicts the standard is an error that says what") {
  struct Case {
    std::string text{};
    std::string message{};
  };
  const std::string head = "[project]\nname='x'\nversion='1'\n";
  for (const Case& given : std::vector<Case>{
           {"project = 1", "pyproject.toml has a `project` that is no table"},
           {"[project]\nversion='1'\n", "pyproject.toml has a [project] without a name"},
           {"[project]\nname='x'\n",
            "pyproject.toml has a [project] without a version, nor is it dynamic"},
           {"[project]\nname=1\nversion='1'\n", "pyproject.toml has a `name` that is no text"},
           {head + "dependencies='numpy'\n",
            "pyproject.toml has a `dependencies` that is no array"},
           {head + "dependencies=[1]\n", "pyproject.toml has a `dependencies` that is no text"},
           {head + "dependencies=['!']\n",
            "pyproject.toml has a bad `dependencies`: `!` is not a valid requirement: it does not "
            "start with a project name"},
           {head + "dynamic=['dependencies']\ndependencies=[]\n",
            "pyproject.toml says `dependencies` and calls it dynamic"},
           {head + "dynamic=['name']\n", "pyproject.toml says `name` and calls it dynamic"},
           {head + "optional-dependencies=['a']\n",
            "pyproject.toml has a `optional-dependencies` that is no table"}}) {
    CAPTURE(given.text);
    CHECK(error_of(given.text) == given.message);
  }
  CHECK(error_of("[project\nname='x'").starts_with("pyproject.toml is not valid TOML: line 1: "));
}

TEST_CASE("parse_pyproject: values cannot smuggle in lines") {
  const auto parsed = parse_pyproject(
      "[project]\nname='x'\nversion='1'\nrequires-python=\">=3\\n,<4\"\n"
      "dependencies=[\"a\\nRequires-Dist\"]\n");
  CHECK(!parsed);  // `a Requires-Dist` is no requirement
  const auto spaced = parse_pyproject(
      "[project]\nname='x'\nversion='1'\nrequires-python=\">=3\\n,<4\"\n"
      "dependencies=[\"a\\n>=1\"]\n");
  REQUIRE(spaced);
  CHECK((*spaced)->requires_python == ">=3 ,<4");
  CHECK((*spaced)->dependencies == std::vector<std::string>{"a >=1"});
}

TEST_CASE("parse_pyproject: depth and size are bounded") {
  CHECK(error_of("[" + repeat("a.", 100'000) + "a]") == "pyproject.toml nests its keys too deeply");
  CHECK(error_of(repeat("a.", 30'000) + "a=1") == "pyproject.toml nests its keys too deeply");
  CHECK(!parse_pyproject("x=" + repeat("[", 100'000)));
  CHECK(!parse_pyproject("x=" + repeat("[{" + repeat("a.", 30) + "a=\n", 300)));
  // As deep as is let through: reading and freeing it must fit the stack.
  std::string deep = "x=";
  for (int i = 0; i < 120; ++i) deep += "[\n{" + repeat("a.", 30) + "a=";
  deep += "1";
  for (int i = 0; i < 120; ++i) deep += "}]";
  CHECK(parse_pyproject(deep));
  CHECK(parse_pyproject(std::string(python::kMaxPyprojectBytes + 1, '\n')).error().kind() ==
        ErrorKind::integrity);
}
