#include "rule_case.hpp"

namespace cogbuild::check {
namespace {

Finding with_edits(std::vector<Edit> edits) { return {.rule = "x", .edits = std::move(edits)}; }

Files applied(const Files& files, const std::vector<Finding>& findings) {
  const auto fixed = apply_edits(io::MemoryTree(files), findings);
  REQUIRE(fixed.has_value());
  Files out;
  for (const auto& file : *fixed) out.emplace(file.path, file.content);
  return out;
}

TEST_CASE("apply_edits: edits of several findings and files are applied at once") {
  const auto out = applied({{"a", "one two three"}, {"b", "x"}},
                           {with_edits({{"a", 8, 13, "3"}}), with_edits({{"b", 0, 0, "> "}}),
                            with_edits({{"a", 0, 3, "1"}})});
  CHECK(out == Files{{"a", "1 two 3"}, {"b", "> x"}});
}

TEST_CASE("apply_edits: a finding that overlaps an earlier one is left whole") {
  const auto out = applied({{"a", "abcdef"}}, {with_edits({{"a", 1, 3, "-"}}),
                                               with_edits({{"a", 2, 4, "!"}, {"a", 5, 6, "!"}})});
  CHECK(out == Files{{"a", "a-def"}});
}

TEST_CASE("apply_edits: two findings at one place are not both applied") {
  const auto out =
      applied({{"a", "ab"}}, {with_edits({{"a", 1, 1, "x"}}), with_edits({{"a", 1, 1, "x"}})});
  CHECK(out == Files{{"a", "axb"}});
}

TEST_CASE("apply_edits: line ends and bytes around an edit stay as they are") {
  const auto out = applied({{"a", "x\r\n\xff\r\ny\r\n"}}, {with_edits({{"a", 0, 1, "z"}})});
  CHECK(out == Files{{"a", "z\r\n\xff\r\ny\r\n"}});
}

TEST_CASE("apply_edits: a file that an edit leaves as it was is not listed") {
  CHECK(applied({{"a", "x"}}, {with_edits({{"a", 0, 1, "x"}})}).empty());
}

TEST_CASE("apply_edits: an edit outside of the file is an error") {
  const auto fixed =
      apply_edits(io::MemoryTree(Files{{"a", "x"}}), {with_edits({{"a", 0, 2, "y"}})});
  REQUIRE(!fixed.has_value());
  CHECK(render(fixed.error()) ==
        "error: `a` changed while it was read\nhint: run the command again\n");
}

TEST_CASE("apply_edits: an edit of a file that is gone is an error") {
  const auto fixed = apply_edits(io::MemoryTree(Files{}), {with_edits({{"a", 0, 2, "y"}})});
  REQUIRE(!fixed.has_value());
  CHECK(fixed.error().kind() == ErrorKind::not_found);
}

}  // namespace
}  // namespace cogbuild::check
