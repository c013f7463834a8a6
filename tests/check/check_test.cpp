#include "rule_case.hpp"

#include <set>

namespace cogbuild::check {
namespace {

const std::string kTwoUnknownKeys = "colour: red\nsize: 1\n";

Result<Outcome> run(Files files, const Options& options) {
  files.try_emplace("cog.yaml", kTwoUnknownKeys);
  const io::MemoryTree project(std::move(files));
  const auto subject = read_subject(project, "cog.yaml");
  REQUIRE(subject.has_value());
  return check(*subject, options);
}

std::size_t count(const Files& files, const Options& options) {
  const auto outcome = run(files, options);
  REQUIRE(outcome.has_value());
  std::size_t found = 0;
  for (const auto& finding : outcome->findings) found += finding.rule == "config-unknown-key";
  return found;
}

TEST_CASE("rules: ids are words of lower-case letters and dashes, each once") {
  std::set<std::string_view> seen;
  for (const auto& rule : rules()) {
    CAPTURE(rule.id);
    CHECK(seen.insert(rule.id).second);
    CHECK(find_rule(rule.id) == &rule);
    CHECK(rule.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
          std::string_view::npos);
  }
}

TEST_CASE("rules: each says what it finds and why, with examples, in the style of messages") {
  for (const auto& rule : rules()) {
    CAPTURE(rule.id);
    CHECK(!rule.summary.empty());
    CHECK(!rule.summary.ends_with('.'));
    CHECK(rule.summary.find('\n') == std::string_view::npos);
    CHECK(rule.why.ends_with('.'));
    CHECK(!rule.bad.empty());
    CHECK(!rule.good.empty());
    CHECK(rule.bad != rule.good);
    CHECK((rule.find != nullptr));
  }
}

TEST_CASE("check: more than three findings of a kind in a file are one, at the first place") {
  const std::string yaml = "build:\n  python_version: \"3.12\"\n  python_requirements: r.txt\n";
  const Options unpinned{.only = {"dependency-unpinned"}};
  const auto told = [&](const std::string& requirements) {
    const auto outcome = run({{"cog.yaml", yaml}, {"r.txt", requirements}}, unpinned);
    REQUIRE(outcome.has_value());
    Strings out;
    for (const auto& finding : outcome->findings)
      out.push_back(fmt::format("{} {}", finding.location.line, finding.message));
    return out;
  };
  CHECK(told("a\nb\nc\n").size() == 3);
  CHECK(told("x==1\na\nb>=2\nc\nd\n") ==
        Strings{"2 4 requirements have no exact version, so the next build may take other ones: "
                "`a`, `b>=2`, `c` and `d`"});
  CHECK(told("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n") ==
        Strings{"1 10 requirements have no exact version, so the next build may take other ones: "
                "`a`, `b`, `c`, `d`, `e`, `f`, `g`, `h` and 2 more"});
  // What a comment silences is not among them.
  CHECK(told("a\nb  # cogbuild: ignore[dependency-unpinned] theirs\nc\nd\n").size() == 3);
}

TEST_CASE("rules: those of a group stand together") {
  std::set<Group> seen;
  std::optional<Group> current;
  for (const auto& rule : rules()) {
    if (rule.group == current) continue;
    CHECK_MESSAGE(seen.insert(rule.group).second, "group of " << std::string(rule.id));
    current = rule.group;
  }
}

TEST_CASE("find_rule: nothing for an id that does not exist") {
  CHECK(find_rule("nonsense") == nullptr);
  CHECK(find_rule("") == nullptr);
}

TEST_CASE("check: names of rules and groups choose what runs") {
  CHECK(count({}, {}) == 2);
  CHECK(count({}, {.only = {"config-unknown-key"}}) == 2);
  CHECK(count({}, {.only = {"config"}}) == 2);
  CHECK(count({}, {.only = {"inputs"}}) == 0);
  CHECK(count({}, {.disable = {"config-unknown-key"}}) == 0);
  CHECK(count({}, {.disable = {"config"}}) == 0);
  CHECK(count({}, {.only = {"config-unknown-key"}, .disable = {"all"}}) == 0);
  CHECK(count({}, {.doctor = true}) == 2);
}

TEST_CASE("check: a name that stands for nothing is an error, with what was meant") {
  for (const Options& options :
       {Options{.only = {"config-unknown-kee"}}, Options{.enable = {"config-unknown-kee"}},
        Options{.disable = {"config-unknown-kee"}}}) {
    const auto outcome = run({}, options);
    REQUIRE(!outcome.has_value());
    CHECK(render(outcome.error()) ==
          "error: there is no rule `config-unknown-kee`\n"
          "hint: did you mean `config-unknown-key`?\n");
    CHECK(outcome.error().kind() == ErrorKind::usage);
  }
  const auto outcome = run({}, {.only = {""}});
  REQUIRE(!outcome.has_value());
  CHECK(render(outcome.error()) ==
        "error: there is no rule ``\nhint: `cogbuild check --list` lists the rules\n");
}

TEST_CASE("check: cogbuild.yaml ignores rules, and a flag that names one wins") {
  const Files files = {{"cogbuild.yaml", "check: {ignore: [config-unknown-key]}\n"}};
  const auto outcome = run(files, {.only = {"config"}});
  REQUIRE(outcome.has_value());
  CHECK(outcome->silenced == 2);
  CHECK(count(files, {}) == 0);
  CHECK(count(files, {.only = {"config-unknown-key"}}) == 2);
  CHECK(count(files, {.enable = {"config-unknown-key"}}) == 2);
}

TEST_CASE("check: cogbuild.yaml excludes files and directories") {
  const auto excluded = [](const std::string& pattern) {
    return count({{"cogbuild.yaml", fmt::format("check: {{exclude: ['{}']}}\n", pattern)}}, {}) ==
           0;
  };
  CHECK(excluded("cog.yaml"));
  CHECK(excluded("*.yaml"));
  CHECK(excluded("**"));
  CHECK(!excluded("cog"));
  CHECK(!excluded("*.py"));
  CHECK(!excluded("sub/"));
}

TEST_CASE("check: findings are sorted by file, line, column and rule, each once") {
  const auto outcome = run({{"b.py", "x = 1  # cogbuild: ignore[nonsense]\n"},
                            {"a.py", "x = 1  # cogbuild: ignore[nonsense, rubbish]\n"}},
                           {.only = {"config-unknown-key", "unknown-rule"}});
  REQUIRE(outcome.has_value());
  Strings places;
  for (const auto& finding : outcome->findings)
    places.push_back(fmt::format("{}:{}:{}", finding.location.file, finding.location.line,
                                 finding.location.column));
  CHECK(places == Strings{"a.py:1:27", "a.py:1:37", "b.py:1:27", "cog.yaml:1:1", "cog.yaml:2:1"});
  CHECK(outcome->files == 2);
}

TEST_CASE("check: each finding has the id and severity of its rule") {
  const auto outcome = run({}, {.only = {"config-unknown-key"}});
  REQUIRE(outcome.has_value());
  for (const auto& finding : outcome->findings) {
    CHECK(finding.rule == "config-unknown-key");
    CHECK(finding.severity == find_rule("config-unknown-key")->severity);
  }
}

TEST_CASE("check: says whether there are errors and warnings") {
  const auto of = [](Severity severity) {
    return Outcome{.findings = {{.rule = "x", .severity = severity}}};
  };
  CHECK(has_errors(of(Severity::error)));
  CHECK(!has_warnings(of(Severity::error)));
  CHECK(has_warnings(of(Severity::warning)));
  CHECK(!has_errors(of(Severity::hint)));
  CHECK(!has_warnings(of(Severity::hint)));
  CHECK(!has_errors({}));
}

TEST_CASE("check: all rules run over hostile projects") {
  const std::vector<Files> projects = {
      {{"cog.yaml", "\xff\xfe"}},
      {{"cog.yaml", "[1, 2"}},
      {{"cog.yaml", "run: 5\ntrain: []\nbuild: {python_packages: [\"==\"]}\n"}},
      {{"cog.yaml", "run: \"run.py:Runner\"\n"}, {"run.py", std::string("\0\x01\xff(((", 6)}},
      {{"cog.yaml", "run: \"run.py:Runner\"\n"}, {"run.py", std::string(5000, '(')}},
      {{"cog.yaml", "run: \"../run.py:Runner\"\n"}},
      {{"cog.yaml", "run: \":\"\n"}},
      {{"cog.yaml", ""}, {"a.py", "class A(A): pass\nclass Runner(Runner):\n def run("}},
      {{"cog.yaml", ""}, {".dockerignore", "[\n"}},
      {{"cog.yaml", ""}, {"cogbuild.yaml", ": :\n"}},
      {},
  };
  for (const auto& files : projects) {
    const io::MemoryTree project(files);
    const auto subject = read_subject(project, "cog.yaml");
    REQUIRE(subject.has_value());
    const auto outcome = check(*subject, {.enable = {"all"}});
    REQUIRE(outcome.has_value());
    for (const auto& finding : outcome->findings) {
      CAPTURE(finding.rule);
      CHECK(!finding.location.file.empty());
      CHECK(!finding.message.empty());
    }
  }
}

}  // namespace
}  // namespace cogbuild::check
