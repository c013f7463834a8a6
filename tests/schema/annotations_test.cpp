#include "../../src/schema/annotations.hpp"

#include "../../src/schema/type_scope.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace cogbuild;
using namespace cogbuild::schema;

namespace {

std::string read(const std::string& source, bool freely) {
  const auto module = syntax::Module::parse("m.py", "x: " + source + "\n");
  REQUIRE(module.has_value());
  const syntax::Node type = (*module)->root().first_named_child().first_named_child().field("type");
  const auto annotation = freely ? read_annotation_freely(type) : read_annotation(type);
  return annotation ? to_text(*annotation) : "none";
}

}  // namespace

TEST_CASE("read_annotation: as Cog, and as Python") {
  struct Row {
    const char* source;
    const char* as_cog;
    const char* as_python;
  };
  const Row rows[] = {
      {"str", "str", "str"},
      {"t.Path", "t.Path", "t.Path"},
      {"Optional[ List[str] ]", "Optional[List[str]]", "Optional[List[str]]"},
      {"typing.Dict[str, int]", "typing.Dict[str, int]", "typing.Dict[str, int]"},
      {"int | str | None", "int | str | None", "int | str | None"},
      {"'list[Foo] | None'", "list[Foo] | None", "list[Foo] | None"},
      {"List['Foo']", "List[Foo]", "List[Foo]"},
      {"Union[\n  str,\n  int]", "Union[str, int]", "Union[str, int]"},
      {"Union[str,  # text\n  int]", "none", "Union[str, int]"},
      {"Annotated[int, Field(gt=0, le=2)]", "none", "Annotated[int, ]"},
      {"Annotated[str, 'a|b]']", "none", "Annotated[str, ]"},
      {"(int | None)", "none", "int | None"},
      {"Dict[str, int,]", "none", "Dict[str, int]"},
      {"f()", "none", "none"},
      {"1.5", "1.5", "1.5"},  // letters and dots are enough
      {"[str]", "[str]", "[str]"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.source);
    CHECK(read(row.source, false) == row.as_cog);
    CHECK(read(row.source, true) == row.as_python);
  }
}

TEST_CASE("read_annotation: nesting has an end") {
  std::string deep = "int";
  for (int level = 0; level < 200; ++level) deep = "list[" + deep + "]";
  CHECK(read(deep, false) == "none");
  CHECK(read(deep, true) == "none");
}

TEST_CASE("an annotation knows where its parts stand") {
  const auto module = syntax::Module::parse("m.py", "x: Optional[ 'Foo' ]\n");
  REQUIRE(module.has_value());
  const auto annotation =
      read_annotation((*module)->root().first_named_child().first_named_child().field("type"));
  REQUIRE(annotation);
  CHECK(annotation->offset == 3);
  CHECK(annotation->arguments.front().offset == 14);
}
