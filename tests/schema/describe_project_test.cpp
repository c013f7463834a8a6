#include <cogbuild/schema/openapi.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace cogbuild::schema {

namespace {

constexpr const char* kRun = R"(from cog import BaseRunner, Input


class Runner(BaseRunner):
    def run(self, steps: int = Input(default=4, ge=1, le=8), ink: str = Input(choices=["a", "b"])) -> str:
        return ""
)";
constexpr const char* kTrain = R"(from cog import Input


def train(ink: str = Input(choices=["x"], default="x")) -> str:
    return ""
)";

Result<Described> describe(std::map<std::string, std::string> files, const std::string& predict,
                           const std::string& train) {
  return describe_project(io::MemoryTree(std::move(files)), predict, train, "0.22.0");
}

}  // namespace

TEST_CASE("describe_project: of one mode the document is that of its signature") {
  const auto described = describe({{"run.py", kRun}}, "run.py:Runner", "");
  REQUIRE(described.has_value());
  REQUIRE(described->predict.has_value());
  CHECK_FALSE(described->train.has_value());
  CHECK(described->document == openapi_document(*described->predict, "0.22.0"));
  const auto training = describe({{"train.py", kTrain}}, "", "train.py:train");
  REQUIRE(training.has_value());
  CHECK(training->document == openapi_document(*training->train, "0.22.0"));
}

TEST_CASE("describe_project: faults of both modes are told together") {
  const auto described = describe({{"run.py", "class Runner:\n    def run(self):\n        pass\n"},
                                   {"train.py", "def train(a: set) -> str:\n    pass\n"}},
                                  "run.py:Runner", "train.py:train");
  REQUIRE_FALSE(described.has_value());
  CHECK(described.error().location()->file == "run.py");
  REQUIRE_FALSE(described.error().others().empty());
  CHECK(described.error().others().back().location()->file == "train.py");
}

TEST_CASE("describe_project: in one document, training takes the choices of predicting") {
  const auto described =
      describe({{"run.py", kRun}, {"train.py", kTrain}}, "run.py:Runner", "train.py:train");
  REQUIRE_FALSE(described.has_value());
  CHECK(render(described.error()) ==
        "train.py:4:11: error: the default of `ink` is \"x\", which is none of the choices\n"
        "  4 | def train(ink: str = Input(choices=[\"x\"], default=\"x\")) -> str:\n"
        "    |           ^\n"
        "hint: the choices are \"a\", \"b\"\n");
}

TEST_CASE("describe_project: a project without code to run has no schema") {
  const auto described = describe({}, "", "");
  REQUIRE_FALSE(described.has_value());
  CHECK(render(described.error()) ==
        "error: the project names no code to run\nhint: name it in cog.yaml: `run: "
        "\"run.py:Runner\"`\n");
}

}  // namespace cogbuild::schema
