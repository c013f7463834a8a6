#include "rule_case.hpp"

namespace cogbuild::check {
namespace {

const std::string kConfig = "build:\n  python_version: \"3.12\"\nrun: \"run.py:Runner\"\n";

Files project(std::string source, Files others = {}) {
  others.try_emplace("cog.yaml", kConfig);
  others.insert_or_assign("run.py", std::move(source));
  return others;
}

std::string runner(std::string_view method) {
  return "class Runner:\n    " + std::string(method) + "\n        return ''\n";
}

}  // namespace

TEST_CASE("signature: faults of the reader at their places, once") {
  const auto found = findings_of("signature", project(runner("def run(self, a: str):")));
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("run.py:2:"));
  CHECK(findings_of("signature", project(runner("def run(self, a: str) -> str:"))) == Strings{});
  // `old-decorator`, `python-syntax` and `config-entry-point` say these.
  CHECK(findings_of("signature", project("import cog\nclass Runner:\n    @cog.input('a')\n"
                                         "    def predict(self, a): pass\n")) == Strings{});
  CHECK(findings_of("signature", project(runner("def run(self, a: str):") + "def f(:\n")) == found);
  CHECK(findings_of("signature", project("class Other: pass\n")) == Strings{});
  CHECK(findings_of("signature", {{"cog.yaml", kConfig}}) == Strings{});
}

TEST_CASE("missing-annotation: a parameter that the schema passes over") {
  CHECK(findings_of("missing-annotation", project(runner("def run(self, a, b: int) -> str:"))) ==
        Strings{"run.py:2:19 `a` has no type: callers can neither see nor set it"});
  for (const auto* good : {"def run(self, a: str, b: int = 1) -> str:", "def run(self) -> str:",
                           "def run(self, *args, **kwargs) -> str:"})
    CHECK(findings_of("missing-annotation", project(runner(good))) == Strings{});
  CHECK(findings_of("missing-annotation",
                    {{"cog.yaml", "train: \"train.py:train\"\n"},
                     {"train.py", "def train(steps, rate: float) -> str:\n    return ''\n"}}) ==
        Strings{"train.py:1:11 `steps` has no type: callers can neither see nor set it"});
}

TEST_CASE("python-syntax: the entry point and what it imports, nothing else") {
  const std::string good = "import helpers\n" + runner("def run(self) -> str:");
  CHECK(findings_of("python-syntax", project("def f(:\n" + good)) ==
        Strings{"run.py:1:7 this is not Python"});
  CHECK(findings_of("python-syntax", project(good, {{"helpers.py", "x = = 1\n"}})).size() == 1);
  CHECK(findings_of("python-syntax", project(good, {{"notes.py", "x = = 1\n"}})) == Strings{});
  CHECK(findings_of("python-syntax",
                    project("match x:\n    case [1, *_]:\n        print(f'{x!r:>{w}}')\n"
                            "def f[T](a: T, /, *, b: int = 1) -> T: ...\ntype A = int\n" +
                            good)) == Strings{});
}

TEST_CASE("two-methods: Cog refuses to start them") {
  const std::string both =
      "class Runner:\n  def predict(self) -> str: pass\n  def run(self, x): pass\n";
  CHECK(findings_of("two-methods", project(both)) ==
        Strings{"run.py:3:7 `Runner` has both `run()` and `predict()`: Cog refuses to start it"});
  CHECK(findings_of("two-methods", project(runner("def run(self) -> str:"))) == Strings{});
  CHECK(findings_of("two-methods", project("class Helper:\n  def predict(self): pass\n" +
                                           runner("def run(self) -> str:"))) == Strings{});
  // Cogs before 0.20 take `predict` and know no other.
  CHECK(findings_of("two-methods", project(both, {{"cog.yaml",
                                                   "build:\n  python_version: \"3.9\"\n"
                                                   "predict: \"run.py:Runner\"\n"}})) == Strings{});
}

TEST_CASE("setup-arguments: what the server does not pass") {
  const auto said = [](const char* parameters) {
    return findings_of("setup-arguments",
                       project("class Runner:\n  def setup(" + std::string(parameters) +
                               "):\n    pass\n  def run(self) -> str: return ''\n"));
  };
  CHECK(said("self, name") == Strings{"run.py:2:19 `setup()` is called without `name`"});
  CHECK(said("self, weights, name: str") == Strings{"run.py:2:28 `setup()` is called without "
                                                    "`name`"});
  for (const auto* good : {"self", "self, weights", "self, weights: Path = None", "self, x=1",
                           "self, *args, **kwargs", "self, weights: Path, x: int = 1"})
    CHECK(said(good) == Strings{});
}

TEST_CASE("relative-import: the entry point is in no package") {
  const std::string body = runner("def run(self) -> str:");
  CHECK(findings_of("relative-import", project("from .a import b, c\nfrom . import d\n" + body)) ==
        Strings{"run.py:1:1 `run.py` is loaded as a file of its own, in no package: a relative "
                "import fails",
                "run.py:2:1 `run.py` is loaded as a file of its own, in no package: a relative "
                "import fails"});
  CHECK(
      findings_of("relative-import",
                  project("try:\n    from .a import b\nexcept ImportError:\n    from a import b\n" +
                          body)) == Strings{});
  CHECK(findings_of("relative-import", project("from a import b\n" + body,
                                               {{"a.py", "from .c import d\n"}})) == Strings{});
}

TEST_CASE("blocking-async: concurrency without a place to wait") {
  const auto said = [](const char* body) {
    return findings_of("blocking-async",
                       project("import cog\nclass Runner:\n    @cog.concurrent(max=2)\n"
                               "    async def run(self, a: str) -> str:\n        " +
                               std::string(body) + "\n"));
  };
  CHECK(
      said("return self.model(a)") ==
      Strings{"run.py:4:15 `run` is async, but awaits nothing: one prediction blocks all others"});
  for (const auto* good : {"return await self.model(a)", "async with x: return a",
                           "async for x in y: return x", "return [x async for x in y]"})
    CHECK(said(good) == Strings{});
  CHECK(findings_of("blocking-async", project(runner("async def run(self) -> str:"))) == Strings{});
}

TEST_CASE("old-decorator: Cog before 0.1") {
  CHECK(
      findings_of("old-decorator",
                  project("import cog\nclass Runner(cog.Model):\n    @cog.input('a', type=str)\n"
                          "    @cog.input('b', type=int)\n    def predict(self, a, b): pass\n")) ==
      Strings{"run.py:2:14 `cog.Model` is of a Cog before 0.1",
              "run.py:3:6 `@cog.input` is of a Cog before 0.1"});
  CHECK(findings_of("old-decorator",
                    project("import cog, click\nclass Runner(cog.BaseRunner):\n    @cog.streaming\n"
                            "    @click.input('a')\n    def run(self) -> str: pass\n")) ==
        Strings{});
}

TEST_CASE("rules of a project without Python files") {
  for (const auto& rule : rules())
    if (rule.group == Group::python)
      CHECK(findings_of(rule.id, {{"cog.yaml", kConfig}}) == Strings{});
}

}  // namespace cogbuild::check
