#include "rule_case.hpp"

namespace cogbuild::check {
namespace {

// The two rules these tests use: one that reads cog.yaml, and those about comments.
Outcome checked(Files files, Options options = {}) {
  files.try_emplace("cog.yaml", "");
  const io::MemoryTree project(std::move(files));
  const auto subject = read_subject(project, "cog.yaml");
  REQUIRE(subject.has_value());
  if (options.only.empty()) options.only = {"config-unknown-key", "unused-ignore", "unknown-rule"};
  auto outcome = check(*subject, options);
  REQUIRE(outcome.has_value());
  return *std::move(outcome);
}

Strings lines(const Outcome& outcome) {
  Strings out;
  for (const auto& finding : outcome.findings)
    out.push_back(fmt::format("{}:{}:{} {} {}", finding.location.file, finding.location.line,
                              finding.location.column, finding.rule, finding.message));
  return out;
}

std::string fixed(const Files& files, const std::string& path) {
  const io::MemoryTree project(files);
  const auto result = apply_edits(project, checked(files).findings);
  REQUIRE(result.has_value());
  for (const auto& file : *result)
    if (file.path == path) return file.content;
  return "unchanged";
}

TEST_CASE("comments: one at the end of the line silences its rule there") {
  const auto outcome = checked({{"cog.yaml",
                                 "colour: red  # cogbuild: ignore[config-unknown-key]\n"
                                 "size: 1\n"}});
  CHECK(lines(outcome) ==
        Strings{"cog.yaml:2:1 config-unknown-key unknown key `size` at the top level"});
  CHECK(outcome.silenced == 1);
}

TEST_CASE("comments: one on a line of its own silences the next line") {
  const auto outcome = checked({{"cog.yaml",
                                 "# cogbuild: ignore[config-unknown-key]\n"
                                 "colour: red\n"
                                 "size: 1\n"}});
  CHECK(lines(outcome) ==
        Strings{"cog.yaml:3:1 config-unknown-key unknown key `size` at the top level"});
  CHECK(outcome.silenced == 1);
}

TEST_CASE("comments: several above one line all belong to it") {
  const auto outcome = checked({{"cog.yaml",
                                 "# cogbuild: ignore[config-unknown-key] because of the shop\n"
                                 "# cogbuild: ignore[config-invalid]\n"
                                 "colour: red\n"}});
  CHECK(lines(outcome).empty());
  CHECK(outcome.silenced == 1);
}

TEST_CASE("comments: blanks and further rules are free") {
  for (const char* comment :
       {"#cogbuild:ignore[config-unknown-key]", "#  cogbuild:  ignore [ config-unknown-key ]",
        "# cogbuild: ignore[config-invalid, config-unknown-key]",
        "# cogbuild: ignore[config-invalid,config-unknown-key,]",
        "# noqa  # cogbuild: ignore[config-unknown-key]"}) {
    CAPTURE(comment);
    const auto outcome = checked({{"cog.yaml", fmt::format("colour: red {}\n", comment)}});
    CHECK(lines(outcome).empty());
    CHECK(outcome.silenced == 1);
  }
}

TEST_CASE("comments: those for other rules or other lines silence nothing, and are found") {
  const auto outcome = checked(
      {{"cog.yaml", "environment: []  # cogbuild: ignore[config-unknown-key]\ncolour: red\n"}});
  CHECK(lines(outcome) ==
        Strings{"cog.yaml:1:18 unused-ignore the comment ignores `config-unknown-key`, which finds "
                "nothing on line 1",
                "cog.yaml:2:1 config-unknown-key unknown key `colour` at the top level"});
  CHECK(outcome.silenced == 0);
}

TEST_CASE("comments: a rule that did not run is not found unused") {
  CHECK(lines(checked({{"cog.yaml", "# cogbuild: ignore[config-invalid]\n"}})).empty());
  CHECK(lines(checked({{"a.py", "x = 1  # cogbuild: ignore[config-unknown-key]\n"}},
                      {.only = {"unused-ignore"}}))
            .empty());
}

TEST_CASE("comments: names of rules that do not exist are found, with what was meant") {
  const auto outcome =
      checked({{"a.py", "x = 1  # cogbuild: ignore[config-unknwon-key, config-unknown-key]\n"}});
  REQUIRE(outcome.findings.size() == 2);
  CHECK(lines(outcome) ==
        Strings{"a.py:1:8 unused-ignore the comment ignores `config-unknown-key`, which finds "
                "nothing on line 1",
                "a.py:1:27 unknown-rule there is no rule `config-unknwon-key`"});
  CHECK(outcome.findings[1].fix == "did you mean `config-unknown-key`?");
}

TEST_CASE("comments: one without names is found") {
  for (const char* comment : {"# cogbuild: ignore", "# cogbuild: ignore[]", "# cogbuild: ignore[a",
                              "# cogbuild: ignore config-unknown-key", "# cogbuild: ignore[,]"}) {
    CAPTURE(comment);
    const auto outcome = checked({{"cog.yaml", fmt::format("{}\n", comment)}});
    REQUIRE(!outcome.findings.empty());
    CHECK(lines(outcome)[0] == "cog.yaml:1:1 unknown-rule the comment names no rule");
  }
}

TEST_CASE("comments: cogbuild.yaml names rules that do not exist") {
  const auto outcome = checked(
      {{"cogbuild.yaml", "check:\n  ignore: [no-such-thing-anywhere]\n  enable: [inputs]\n"}});
  CHECK(lines(outcome) ==
        Strings{"cogbuild.yaml:2:12 unknown-rule there is no rule `no-such-thing-anywhere`"});
}

TEST_CASE("comments: text that only looks like one is none") {
  CHECK(lines(checked({{"a.py",
                        "x = \"# cogbuild: ignore[config-unknown-key]\"\n"
                        "y = '''\n# cogbuild: ignore[config-unknown-key]\n'''\n"}}))
            .empty());
  CHECK(lines(checked({{"cog.yaml", "# write `# cogbuild: ignore[nonsense]` to silence\n"}}))
            .empty());
  // In files of patterns `#` begins a comment at the start of a line alone.
  CHECK(lines(checked({{".dockerignore", "a # cogbuild: ignore[nonsense]\n"}})).empty());
  CHECK(lines(checked({{".dockerignore", "# cogbuild: ignore[nonsense]\n"}})).size() == 1);
}

TEST_CASE("comments: Python that cannot be parsed is read by lines") {
  std::string text = "x = 1  # cogbuild: ignore[nonsense]\n";
  for (int i = 0; i < 70'000; ++i) text += "a ";
  CHECK(lines(checked({{"a.py", text}})) ==
        Strings{"a.py:1:27 unknown-rule there is no rule `nonsense`"});
}

TEST_CASE("comments: requirements files have them") {
  const auto outcome =
      checked({{"cog.yaml", "build:\n  python_version: \"3.12\"\n  python_requirements: r.txt\n"},
               {"r.txt", "torch==2.1  # cogbuild: ignore[nonsense]\n-r more/other.in\n"},
               {"more/other.in", "# cogbuild: ignore[nonsense]\nnumpy\n"}});
  CHECK(lines(outcome) == Strings{"more/other.in:1:20 unknown-rule there is no rule `nonsense`",
                                  "r.txt:1:32 unknown-rule there is no rule `nonsense`"});
}

TEST_CASE("comments: --fix takes an unused one away, and no more than that") {
  const auto py = [](std::string text) {
    return Files{{"cog.yaml", ""}, {"a.py", std::move(text)}};
  };
  CHECK(fixed(py("x = 1  # cogbuild: ignore[config-unknown-key]\ny = 2\n"), "a.py") ==
        "x = 1\ny = 2\n");
  CHECK(fixed(py("x = 1  # cogbuild: ignore[config-unknown-key] why\r\ny = 2\r\n"), "a.py") ==
        "x = 1\r\ny = 2\r\n");
  CHECK(fixed(py("if x:\n    # cogbuild: ignore[config-unknown-key]\n    y = 2\n"), "a.py") ==
        "if x:\n    y = 2\n");
  CHECK(fixed(py("x = 1  # cogbuild: ignore[config-unknown-key, config-invalid]\n"), "a.py") ==
        "x = 1  # cogbuild: ignore[config-invalid]\n");
  CHECK(fixed(py("x = 1  # cogbuild: ignore[config-invalid, config-unknown-key]\n"), "a.py") ==
        "x = 1  # cogbuild: ignore[config-invalid]\n");
  CHECK(fixed(py("x = 1  # noqa  # cogbuild: ignore[config-unknown-key]\n"), "a.py") ==
        "x = 1  # noqa\n");
  CHECK(fixed(py("# cogbuild: ignore[config-unknown-key]"), "a.py").empty());
}

}  // namespace
}  // namespace cogbuild::check
