#include <cogbuild/check/rule.hpp>
#include <cogbuild/doctor/checklist.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>

namespace cogbuild::doctor {
namespace {

check::Finding finding(std::string rule, check::Severity severity, bool fixable = false) {
  check::Finding out{.rule = std::move(rule),
                     .severity = severity,
                     .location = {.file = "cog.yaml", .line = 3, .column = 1},
                     .message = "something is old",
                     .fix = "make it new"};
  if (fixable) out.edits.push_back({.file = "cog.yaml", .begin = 0, .end = 1, .text = "x"});
  return out;
}

const Item& item_of(const std::vector<Item>& items, std::string_view id) {
  const auto found =
      std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
  REQUIRE(found != items.end());
  return *found;
}

}  // namespace

TEST_CASE("checklist: every rule of the doctor, config first, then the environment") {
  const auto items = checklist({}, {{"git", Grade::ok, "git is there", ""}});
  CHECK(items.front().group == "Config");
  CHECK(items.back().group == "Environment");
  for (const auto& rule : check::rules())
    if (rule.doctor) CHECK(item_of(items, rule.id).grade == Grade::ok);
  CHECK(count(items, Grade::error) == 0);
}

TEST_CASE("checklist: an item is as bad as the worst that was found") {
  check::Outcome outcome;
  outcome.findings = {finding("predict-method", check::Severity::warning, true),
                      finding("predict-method", check::Severity::error),
                      finding("unused-ignore", check::Severity::hint)};
  const auto items = checklist(outcome, {{"cache", Grade::error, "full", "make room"}});
  CHECK(item_of(items, "predict-method").grade == Grade::error);
  CHECK(item_of(items, "unused-ignore").grade == Grade::hint);
  CHECK(count(items, Grade::error) == 2);
  CHECK(count(items, Grade::warning) == 1);
}

TEST_CASE("checklist: what depends on an unreadable cog.yaml is not called fine") {
  check::Outcome outcome;
  outcome.findings = {finding("config-invalid", check::Severity::error)};
  const auto items = checklist(outcome, {{"git", Grade::ok, "git is there", ""}});
  CHECK_FALSE(item_of(items, "config-invalid").skipped);
  CHECK(item_of(items, "signature").skipped);
  CHECK_FALSE(item_of(items, "git").skipped);
}

TEST_CASE("render_text: groups, marks, places, fixes and a summary") {
  check::Outcome outcome;
  outcome.findings = {finding("config-deprecated", check::Severity::warning, true)};
  const auto text = render_text(
      checklist(outcome, {{"cache", Grade::error, "the disk is full", "make room"}}), false);
  CHECK(text.starts_with("Config\n  ok       config-invalid\n"));
  CHECK(text.find("  warning  config-deprecated\n"
                  "           cog.yaml:3:1: something is old\n"
                  "           fix: make it new (--fix)\n") != std::string::npos);
  CHECK(text.find("\n\nEnvironment\n  error    the disk is full\n           fix: make room\n") !=
        std::string::npos);
  CHECK(text.ends_with("\n\n1 error, 1 warning; `cogbuild doctor --fix` can change 1\n"));
  CHECK(render_text(checklist({}, {}), false).ends_with("\n\nnothing is wrong\n"));
}

TEST_CASE("render_text: nothing of a project writes to the terminal") {
  check::Outcome outcome;
  outcome.findings = {{.rule = "config-deprecated",
                       .severity = check::Severity::hint,
                       .location = {.file = "::error::a\nb"},
                       .message = "c\x1b[31m\nd",
                       .fix = "e\x07"}};
  const auto text = render_text(checklist(outcome, {{"f", Grade::ok, "g\x1b", "h\x1b"}}), false);
  CHECK(text.find("           ./::error::a?b: c?[31m?d\n           fix: e?\n") !=
        std::string::npos);
  CHECK(text.find("  ok       g?\n           fix: h?\n") != std::string::npos);
}

TEST_CASE("render_json: the same, for programs; bytes that are no text do no harm") {
  check::Outcome outcome;
  outcome.findings = {finding("config-deprecated", check::Severity::warning, true)};
  outcome.findings[0].message = "bad \xff byte";
  const auto text = render_json(checklist(outcome, {{"git", Grade::ok, "git is there", ""}}));
  CHECK(
      text.starts_with("{\n  \"version\": 1,\n  \"errors\": 0,\n  \"warnings\": 1,\n"
                       "  \"fixable\": 1,\n  \"checks\": [\n    {\n      \"group\": \"Config\",\n"
                       "      \"id\": \"config-invalid\",\n      \"status\": \"ok\"\n"));
  CHECK(text.find("\"message\": \"git is there\"") != std::string::npos);
  CHECK(text.ends_with("}\n"));
}

}  // namespace cogbuild::doctor
