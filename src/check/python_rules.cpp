#include "python_checks.hpp"
#include "rule_groups.hpp"

#include <array>

namespace cogbuild::check {
namespace {

constexpr std::array<Rule, 12> kRules = {{
    {.id = "python-syntax",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .summary = "a file that the model imports is not Python",
     .why = "Nothing notices before the image starts.",
     .bad = "def run(self, prompt: str -> str:\n",
     .good = "def run(self, prompt: str) -> str:\n",
     .find = find_syntax_errors},
    {.id = "signature",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .summary = "the inputs or the output of the model cannot be described",
     .why = "The schema in the image is made from the signature: Cog builds no image without it, "
            "and callers see nothing else of the model.",
     .bad = "def run(self, prompt: str):\n",
     .good = "def run(self, prompt: str) -> str:\n",
     .find = find_signature_faults},
    {.id = "missing-annotation",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .summary = "a parameter of the model's method has no type",
     .why = "It is left out of the schema without a word: nobody can set it, and the call fails.",
     .bad = "def run(self, prompt) -> str:\n",
     .good = "def run(self, prompt: str) -> str:\n",
     .find = find_missing_annotations},
    {.id = "two-methods",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .summary = "a class with both `run()` and `predict()`",
     .why = "Either name may be the model's method. Since 0.20 Cog refuses to start a class that "
            "has both.",
     .bad = "class Predictor(BasePredictor):\n    def predict(self) -> str: …\n"
            "    def run(self, steps): …\n",
     .good = "class Runner(BaseRunner):\n    def run(self) -> str: …\n"
             "    def sample(self, steps): …\n",
     .find = find_both_methods},
    {.id = "setup-arguments",
     .group = Group::python,
     .severity = Severity::error,
     .summary = "`setup()` needs an argument that nobody gives it",
     .why = "The server calls it with `weights` at most, and does not start.",
     .bad = "def setup(self, model_name):\n",
     .good = "def setup(self, model_name=\"base\"):\n",
     .find = find_setup_arguments},
    {.id = "relative-import",
     .group = Group::python,
     .severity = Severity::error,
     .summary = "a relative import in the file that `run` or `train` names",
     .why = "That file is loaded by its path and belongs to no package: `from .x import y` fails "
            "when the model starts.",
     .bad = "from .helpers import load\n",
     .good = "from helpers import load\n",
     .find = find_relative_imports},
    {.id = "pydantic-model",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .fixable = true,
     .summary = "a model of pydantic with `arbitrary_types_allowed`",
     .why = "It was the way to return files before Cog's `BaseModel` did without pydantic. That "
            "class takes `Path` as it is.",
     .bad = "class Output(pydantic.BaseModel):\n"
            "    model_config = ConfigDict(arbitrary_types_allowed=True)\n    image: Path\n",
     .good = "class Output(cog.BaseModel):\n    image: Path\n",
     .find = find_pydantic_models},
    {.id = "removed-import",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .fixable = true,
     .summary = "an import of something that Cog no longer has",
     .why = "The server is no Python program since 0.17, and its modules are gone: the import "
            "fails when the model starts.",
     .bad = "from cog.types import ExperimentalFeatureWarning\n",
     .good = "from cog import current_scope\n",
     .find = find_removed_imports},
    {.id = "old-decorator",
     .group = Group::python,
     .severity = Severity::error,
     .doctor = true,
     .summary = "`@cog.input` or `cog.Model`, of a Cog before 0.1",
     .why = "Inputs are parameters with a type since 0.1; nothing of the older form works.",
     .bad = "@cog.input(\"prompt\", type=str)\ndef predict(self, prompt):\n",
     .good = "def run(self, prompt: str = Input(description=\"What to write about\")) -> str:\n",
     .find = find_old_decorators},
    {.id = "predict-method",
     .group = Group::python,
     .severity = Severity::warning,
     .doctor = true,
     .fixable = true,
     .summary = "`predict()` and `BasePredictor`, the older names of `run()` and `BaseRunner`",
     .why =
         "Cog warns of them since 0.20 and will drop them. The class and its file may keep their "
         "names: cog.yaml says what they are.",
     .bad = "class Predictor(BasePredictor):\n    def predict(self, prompt: str) -> str:\n",
     .good = "class Predictor(BaseRunner):\n    def run(self, prompt: str) -> str:\n",
     .find = find_predict_method},
    {.id = "deprecated-name",
     .group = Group::python,
     .severity = Severity::warning,
     .doctor = true,
     .fixable = true,
     .summary = "`cog.File`, `emit_metric` or `ExperimentalFeatureWarning`",
     .why = "Cog still has them, says on each start that they will go, and has better ones.",
     .bad = "def run(self, image: File) -> File:\n",
     .good = "def run(self, image: Path) -> Path:\n",
     .find = find_deprecated_names},
    {.id = "blocking-async",
     .group = Group::python,
     .severity = Severity::warning,
     .summary = "an async method with concurrency that awaits nothing",
     .why = "Predictions run at the same time only where one waits with `await`: without it they "
            "run one after the other, and the server answers nothing meanwhile.",
     .bad = "@cog.concurrent(max=4)\nasync def run(self, prompt: str) -> str:\n"
            "    return self.model(prompt)\n",
     .good = "@cog.concurrent(max=4)\nasync def run(self, prompt: str) -> str:\n"
             "    return await asyncio.to_thread(self.model, prompt)\n",
     .find = find_blocking_async},
}};

}  // namespace

std::span<const Rule> python_rules() { return kRules; }

}  // namespace cogbuild::check
