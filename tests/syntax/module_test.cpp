#include <cogbuild/syntax/expressions.hpp>
#include <cogbuild/syntax/imports.hpp>
#include <cogbuild/syntax/module.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;
using namespace cogbuild::syntax;

namespace {

std::unique_ptr<Module> parse(std::string text) {
  auto module = Module::parse("predict.py", std::move(text));
  REQUIRE(module.has_value());
  return std::move(*module);
}

Node first(const Module& module, std::string_view type) {
  Node found;
  walk(module.root(), [&](const Node& node) {
    if (!found && node.is(type)) found = node;
    return !found;
  });
  return found;
}

}  // namespace

TEST_CASE("a node knows its text, its line and its place") {
  const auto module = parse("import os\n\ndef run(x: int) -> str:\n    return open(x)\n");
  const Node call = first(*module, "call");
  CHECK(call.text() == "open(x)");
  CHECK(call.line() == 4);
  CHECK(call.location() == SourceLocation{"predict.py", 4, 12, "    return open(x)"});
  CHECK(call.field("function").text() == "open");
  CHECK_FALSE(call.field("nothing"));
  CHECK(call.parent().type() == "return_statement");
  CHECK_FALSE(module->first_error());
}

TEST_CASE("a file that is not Python has a place where it stops to be") {
  const auto module = parse("x = 1\ny = = 2\n");
  REQUIRE(module->first_error());
  CHECK(module->first_error().line() == 2);
}

TEST_CASE("a sign that is missing is where a file stops to be Python") {
  const auto module = parse("x = 1\ndef f(:\n    pass\n");
  REQUIRE(module->first_error());
  CHECK(module->first_error().line() == 2);
}

TEST_CASE("an empty file, no node, and a file without an end of line are all walked") {
  const auto empty = parse("");
  CHECK(empty->root().named_children().empty());
  int seen = 0;
  walk(Node(), [&](const Node&) { return ++seen > 0; });
  CHECK(seen == 0);
  CHECK(parse("x")->root().location() == SourceLocation{"predict.py", 1, 1, "x"});
}

TEST_CASE("walk goes through the tree in the order of the source, and not below what is refused") {
  const auto module = parse("a = [1, (2, 3)]\nb = 4\n");
  std::string seen;
  walk(module->root(), [&](const Node& node) {
    if (node.is("integer")) seen += node.text();
    return !node.is("tuple");
  });
  CHECK(seen == "14");
  seen.clear();
  walk(first(*module, "list"), [&](const Node& node) {
    if (node.is("integer")) seen += node.text();
    return true;
  });
  CHECK(seen == "123");
}

TEST_CASE("deep nesting costs no stack") {
  const auto module = parse(std::string(kMaxSourceWords, '('));
  std::size_t nodes = 0;
  walk(module->root(), [&](const Node&) { return ++nodes > 0; });
  CHECK(nodes > 0);
}

TEST_CASE("too much text is refused") {
  const auto refused = Module::parse("big.py", std::string(kMaxSourceBytes + 1, 'x'));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message() ==
        "`big.py` has 4194305 bytes: more than the 4194304 that are read of a Python file");
}

TEST_CASE("more open brackets than the parser can bear are refused") {
  const auto refused = Module::parse("deep.py", std::string(kMaxSourceWords + 1, '('));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message() ==
        "`deep.py` has 60001 words and signs: more than the 60000 that are read of a Python file");
  CHECK(Module::parse("long.py", "x = '" + std::string(200'000, 'a') + "'\n").has_value());
}

TEST_CASE("string literals are what stands between the quotes, with what the prefix says") {
  struct Row {
    std::string source;
    std::string text;
    bool interpolated, bytes, raw;
  };
  for (const Row& row :
       {Row{"'a'", "a", false, false, false}, Row{R"("a\n")", R"(a\n)", false, false, false},
        Row{"r'a'", "a", false, false, true}, Row{"f'{x}'", "{x}", true, false, false},
        Row{"b'a'", "a", false, true, false}, Row{"'''a\nb'''", "a\nb", false, false, false},
        Row{"''", "", false, false, false}}) {
    CAPTURE(row.source);
    const auto module = parse("x = " + row.source + "\n");
    const auto literal = string_literal(first(*module, "string"));
    REQUIRE(literal.has_value());
    CHECK(literal->text == row.text);
    CHECK(literal->interpolated == row.interpolated);
    CHECK(literal->bytes == row.bytes);
    CHECK(literal->raw == row.raw);
  }
}

TEST_CASE("arguments keep order and names, and leave out comments and splats") {
  const auto module = parse("f(1, *a,  # why\n  x=2, **k)\n");
  const auto found = arguments(first(*module, "call"));
  REQUIRE(found.size() == 2);
  CHECK(found[0].value.text() == "1");
  CHECK(found[1].name == "x");
  CHECK(found[1].value.text() == "2");
  CHECK(keyword_argument(first(*module, "call"), "x").text() == "2");
  CHECK_FALSE(keyword_argument(first(*module, "call"), "y"));
}

TEST_CASE("definitions are found below their decorators") {
  const auto module = parse("@a.b\n@c(1)\ndef f(): pass\n\nclass K: pass\n");
  const auto statements = module->root().named_children();
  REQUIRE(statements.size() == 2);
  const Node function = function_definition(statements[0]);
  CHECK(function.field("name").text() == "f");
  CHECK_FALSE(class_definition(statements[0]));
  CHECK(class_definition(statements[1]).field("name").text() == "K");
  const auto above = decorators(function);
  REQUIRE(above.size() == 2);
  CHECK(dotted_name(above[0]) == "a.b");
  CHECK(above[1].type() == "call");
}

TEST_CASE("imports bind names as Python does") {
  const auto module = parse(
      "import a.b\nimport c.d as e\nfrom .m import x as y, z\nfrom n import *\n"
      "try:\n    import late\nexcept ImportError:\n    pass\nfrom . import own\n");
  std::string all;
  for (const Import& item : imports(*module))
    all += item.local + "=" + item.module + ":" + item.original + (item.top_level ? "" : "?") + " ";
  CHECK(all == "a=a.b: e=c.d: y=.m:x z=.m:z *=n:* late=late:? own=.:own ");
}

TEST_CASE("names are resolved through imports") {
  const auto module = parse(
      "import numpy as np\nimport a.b\nfrom torch import hub\nf(np.x.y, hub.load, a.b.c, free, "
      "1)\n");
  const Names names(imports(*module));
  std::string all;
  for (const Argument& argument : arguments(first(*module, "call")))
    all += names.resolve(argument.value) + " ";
  CHECK(all == "numpy.x.y torch.hub.load a.b.c free  ");
}

TEST_CASE("imported packages are found by lines") {
  const auto found = imported_packages(
      "import numpy as np, PIL.Image  # and, more\n  from torch.nn import x\nfrom . import own\n"
      "important = 1\nimport os\r\nfromage = 2\nfrom z\n");
  CHECK(found == std::vector<std::string>{"PIL", "numpy", "os", "torch"});
}
