#include "rule_case.hpp"

#include <cogbuild/check/render.hpp>

#include <nlohmann/json.hpp>

namespace cogbuild::check {
namespace {

using nlohmann::json;

SourceLocation at(std::string file, std::size_t line, std::size_t column, std::string text) {
  return {std::move(file), line, column, std::move(text)};
}

Finding finding(std::string rule, Severity severity, SourceLocation location, std::string message,
                std::string fix = {}, std::vector<Edit> edits = {}) {
  return {std::move(rule),    severity,       std::move(location),
          std::move(message), std::move(fix), std::move(edits)};
}

Outcome sample() {
  return {.findings = {finding("config-unknown-key", Severity::warning,
                               at("cog.yaml", 3, 3, "  gpus: true"), "unknown key `gpus`",
                               "did you mean `gpu`?", {{"cog.yaml", 20, 24, "gpu"}}),
                       finding("config-invalid", Severity::error, {.file = "cog.yaml"},
                               "there is nothing"),
                       finding("input-order", Severity::hint, at("s/run.py", 1, 4, "äöü = 1"),
                               "50% of:this, and that", "sort\nthem")},
          .silenced = 2,
          .files = 12};
}

TEST_CASE("render_text: a place, a message, the line with a caret, and what to do") {
  CHECK(render_text(sample(), false) ==
        "cog.yaml:3:3: warning: unknown key `gpus` [config-unknown-key]\n"
        "  3 |   gpus: true\n"
        "    |   ^\n"
        "  fix: did you mean `gpu`?\n"
        "cog.yaml: error: there is nothing [config-invalid]\n"
        "\n"
        "s/run.py:1:4: hint: 50% of:this, and that [input-order]\n"
        "  1 | äöü = 1\n"
        "    |    ^\n"
        "  fix: sort?them\n"
        "\n"
        "1 error, 1 warning, 1 hint; 1 can be fixed by --fix; 2 silenced\n");
}

TEST_CASE("render_text: severities have colours, on demand") {
  const Outcome outcome{.findings = {sample().findings[1]}};
  CHECK(render_text(outcome, true) ==
        "\x1b[1mcog.yaml:\x1b[0m \x1b[31merror:\x1b[0m there is nothing [config-invalid]\n\n"
        "1 error\n");
}

TEST_CASE("render_text: says that nothing was found") {
  CHECK(render_text({}, true) == "nothing found\n");
  CHECK(render_text({.silenced = 3}, false) == "nothing found; 3 silenced\n");
}

TEST_CASE("render_text: no file writes to the terminal") {
  const Outcome outcome{
      .findings = {
          finding("x", Severity::hint, at("a\x1b[2J.py", 1, 1, "\x1b[2J\x7f\tz"), "a\nb\x1b")}};
  CHECK(render_text(outcome, false) ==
        "a?[2J.py:1:1: hint: a?b? [x]\n"
        "  1 | ?[2J?\tz\n"
        "    | ^\n"
        "\n"
        "1 hint\n");
}

TEST_CASE("render_text: no name of a file is a command of a log") {
  const Outcome outcome{.findings = {finding("x", Severity::hint, {.file = "::add-mask::x"}, "a")}};
  CHECK(render_text(outcome, false) == "./::add-mask::x: hint: a [x]\n\n1 hint\n");
}

TEST_CASE("render_text: of a long line only the part around the caret is shown") {
  const std::string line = std::string(1000, 'a') + "X" + std::string(1000, 'b');
  const Outcome outcome{.findings = {finding("x", Severity::hint, at("a", 1, 1001, line), "m")}};
  CHECK(render_text(outcome, false) == "a:1:1001: hint: m [x]\n  1 | " + std::string(60, 'a') +
                                           "X" + std::string(99, 'b') + "\n    | " +
                                           std::string(60, ' ') + "^\n\n1 hint\n");
}

TEST_CASE("render_text: passwords of URLs are not shown") {
  const Outcome outcome{.findings = {finding("x", Severity::hint,
                                             at("r.txt", 1, 1, "x @ https://me:pw@host/x"), "m")}};
  CHECK(render_text(outcome, false).find("pw") == std::string::npos);
}

TEST_CASE("render_text: tokens are not shown, whatever the finding is about") {
  const std::string token = "ghp_" + std::string(12, 'a') + "B1c2D3e4F5g6H7i8J9k0L1m2";
  const Outcome outcome{
      .findings = {
          finding("x", Severity::hint, at("a", 1, 1, "git clone https://" + token + "@h/x"), "m")}};
  CHECK(render_text(outcome, false)
            .find("  1 | git clone https://" + std::string(token.size(), '*') + "@h/x\n") !=
        std::string::npos);
}

TEST_CASE("render_json: version, summary and findings") {
  const auto document = json::parse(render_json(sample()));
  CHECK(document.at("schema") == "cogbuild.check");
  CHECK(document.at("version") == 1);
  CHECK(document.at("summary") == json::parse(R"({"errors": 1, "warnings": 1, "hints": 1,
            "fixable": 1, "silenced": 2, "files": 12})"));
  REQUIRE(document.at("findings").size() == 3);
  CHECK(document.at("findings").at(0) ==
        json::parse(R"({"rule": "config-unknown-key", "severity": "warning", "file": "cog.yaml",
            "line": 3, "column": 3, "message": "unknown key `gpus`", "fix": "did you mean `gpu`?",
            "edits": [{"file": "cog.yaml", "begin": 20, "end": 24, "text": "gpu"}]})"));
  CHECK(document.at("findings").at(1).at("line").is_null());
  CHECK(document.at("findings").at(1).at("column").is_null());
}

TEST_CASE("render_json: bytes that are not UTF-8 are replaced") {
  const Outcome outcome{.findings = {finding("x", Severity::hint, {.file = "a"}, "a\xff")}};
  CHECK(json::parse(render_json(outcome)).at("findings").at(0).at("message") == "a\xef\xbf\xbd");
}

TEST_CASE("render_sarif: a run with rules and results") {
  const auto document = json::parse(render_sarif(sample(), "1.2.3"));
  CHECK(document.at("version") == "2.1.0");
  REQUIRE(document.at("runs").size() == 1);
  const auto& run = document.at("runs").at(0);
  const auto& driver = run.at("tool").at("driver");
  CHECK(driver.at("name") == "cogbuild");
  CHECK(driver.at("version") == "1.2.3");
  const auto& results = run.at("results");
  REQUIRE(results.size() == 3);
  CHECK(results.at(0).at("level") == "warning");
  CHECK(results.at(1).at("level") == "error");
  CHECK(results.at(2).at("level") == "note");
  for (const auto& result : results)
    CHECK(driver.at("rules").at(result.at("ruleIndex").get<std::size_t>()).at("id") ==
          result.at("ruleId"));
  CHECK(results.at(0).at("message").at("text") == "unknown key `gpus`\nfix: did you mean `gpu`?");
  CHECK(results.at(0).at("fixes").at(0).at("artifactChanges").at(0).at("replacements").at(0) ==
        json::parse(R"({"deletedRegion": {"byteOffset": 20, "byteLength": 4},
                        "insertedContent": {"text": "gpu"}})"));
  CHECK(!results.at(1).at("locations").at(0).at("physicalLocation").contains("region"));
}

TEST_CASE("render_sarif: columns count characters, and paths are those of the repository") {
  const auto document = json::parse(render_sarif(sample(), "1", "models/a b"));
  const auto place = document.at("runs").at(0).at("results").at(2).at("locations").at(0);
  CHECK(place.at("physicalLocation").at("artifactLocation").at("uri") == "models/a%20b/s/run.py");
  // Byte 4 is inside of the second character.
  CHECK(place.at("physicalLocation").at("region") ==
        json::parse(R"({"startLine": 1, "startColumn": 3})"));
}

TEST_CASE("render_github: workflow commands, escaped") {
  CHECK(render_github(sample()) ==
        "::warning file=cog.yaml,line=3,col=3,title=config-unknown-key::unknown key `gpus`%0Afix: "
        "did you mean `gpu`?\n"
        "::error file=cog.yaml,title=config-invalid::there is nothing\n"
        "::notice file=s/run.py,line=1,col=3,title=input-order::50%25 of:this, and that%0Afix: "
        "sort%0Athem\n"
        "cogbuild check: 1 error, 1 warning, 1 hint; 1 can be fixed by --fix; 2 silenced\n");
  const Outcome hostile{
      .findings = {finding("x", Severity::error, {.file = "a,b:c%\r\n::error::.py"}, "m\r\n::x")}};
  CHECK(render_github(hostile, "dir") ==
        "::error file=dir/a%2Cb%3Ac%25%0D%0A%3A%3Aerror%3A%3A.py,title=x::m%0D%0A::x\n"
        "cogbuild check: 1 error\n");
}

TEST_CASE("render_github: at most ten annotations of a severity, the others are counted") {
  Outcome outcome;
  for (int i = 0; i < 12; ++i)
    outcome.findings.push_back(finding("x", Severity::error, {.file = "a"}, fmt::format("{}", i)));
  for (int i = 0; i < 11; ++i)
    outcome.findings.push_back(finding("y", Severity::hint, {.file = "b"}, fmt::format("{}", i)));
  const auto text = render_github(outcome);
  CHECK(std::count(text.begin(), text.end(), '\n') == 21);
  CHECK(
      text.ends_with("\ncogbuild check: 12 errors, 11 hints; 2 errors, 1 hint not shown, "
                     "`cogbuild check` lists them\n"));
}

TEST_CASE("explain: says why, with examples and how to silence the rule") {
  const Rule rule{.id = "a-rule",
                  .group = Group::inputs,
                  .severity = Severity::hint,
                  .on_by_default = false,
                  .fixable = true,
                  .summary = "what it finds",
                  .why =
                      "Words that explain. And more of them, so that the line has to be broken "
                      "somewhere here.",
                  .bad = "x = 1\n\n  y\n",
                  .good = "x = 2"};
  CHECK(explain(rule) ==
        "a-rule (inputs, hint)\n\n"
        "what it finds.\n\n"
        "Words that explain. And more of them, so that the line has to be broken\n"
        "somewhere here.\n\n"
        "Bad:\n\n    x = 1\n\n      y\n\n"
        "Good:\n\n    x = 2\n\n"
        "`cogbuild check --fix` mends it.\n"
        "It is off by default; `--enable a-rule`, or `check: {enable: [a-rule]}` in cogbuild.yaml, "
        "turns it on.\n"
        "To silence it, write `# cogbuild: ignore[a-rule]` at the end of the line or above it, or "
        "in\ncogbuild.yaml:\n\n    check:\n      ignore: [a-rule]\n");
}

TEST_CASE("rules_as_text, rules_as_markdown: a line for each rule") {
  const auto text = rules_as_text();
  const auto table = rules_as_markdown();
  for (const auto& rule : rules()) {
    CHECK(text.find("  " + std::string(rule.id) + " ") != std::string::npos);
    CHECK(table.find(fmt::format("\n| `{}` | {} | {} |", rule.id, to_string(rule.group),
                                 to_string(rule.severity))) != std::string::npos);
  }
}

}  // namespace
}  // namespace cogbuild::check
