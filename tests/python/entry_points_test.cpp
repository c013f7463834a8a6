#include <cogbuild/python/entry_points.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace cogbuild;
using python::EntryPoint;
using python::parse_entry_points;

TEST_CASE("parse_entry_points: console and GUI scripts, other groups skipped") {
  const auto entries = parse_entry_points(
      "# comment\n[pytest11]\nbroken line\n\n[console_scripts]\r\nTool = pkg.cli:main [extra]\r\n"
      "; comment\nother=pkg:App.run\n[ gui_scripts ]\nwindow = pkg.gui : show\n");
  REQUIRE(entries);
  CHECK(*entries == std::vector<EntryPoint>{
                        {.name = "Tool", .module = "pkg.cli", .attribute = "main"},
                        {.name = "other", .module = "pkg", .attribute = "App.run"},
                        {.name = "window", .module = "pkg.gui", .attribute = "show", .gui = true}});
}

TEST_CASE("parse_entry_points: what cannot become a script is an error") {
  struct Row {
    std::string line{};
    std::string message{};
  };
  const std::vector<Row> rows = {
      {"tool", "`tool` is not `name = module:attribute`"},
      {"tool = pkg", "`tool = pkg` names no function after `:`"},
      {"../tool = pkg:main", "`../tool` cannot name a script"},
      {".. = pkg:main", "`..` cannot name a script"},
      {"= pkg:main", "`` cannot name a script"},
      {"tool = pkg:main; import os", "`pkg:main; import os` is not `module:attribute`"},
      {"tool = :main", "`:main` is not `module:attribute`"},
      {"tool = pkg.:main", "`pkg.:main` is not `module:attribute`"},
      {"tool = 1pkg:main", "`1pkg:main` is not `module:attribute`"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    const auto entries = parse_entry_points("[console_scripts]\n" + row.line + "\n");
    REQUIRE(!entries);
    CHECK(entries.error().message() == row.message);
  }
  CHECK(parse_entry_points("[console_scripts]\na=b:c\n[gui_scripts]\na=b:c\n").error().message() ==
        "script `a` is declared twice");
}
