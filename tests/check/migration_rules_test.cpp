#include "rule_case.hpp"

// The rules that turn older code into what Cog takes today: what they say, and what --fix makes.

namespace cogbuild::check {
namespace {

const std::string kConfig =
    "build:\n  python_version: \"3.12\"\npredict: \"predict.py:Predictor\"\n";

Files project(std::string source, Files others = {}) {
  others.try_emplace("cog.yaml", kConfig);
  others.insert_or_assign("predict.py", std::move(source));
  return others;
}

// The file after --fix; what it was where nothing is changed. Fixing again changes nothing.
std::string fixed(std::string_view id, const std::string& source, Files others = {}) {
  auto first = fixed_by(id, project(source, others));
  const std::string once = first.contains("predict.py") ? first["predict.py"] : source;
  auto second = fixed_by(id, project(once, others));
  CHECK_FALSE(second.contains("predict.py"));
  return once;
}

struct Case {
  const char* about;
  std::string before;
  std::string after;
};

}  // namespace

TEST_CASE("predict-method: says so at the method, or at the base") {
  CHECK(findings_of("predict-method", project("from cog import BasePredictor\n"
                                              "class Predictor(BasePredictor):\n"
                                              "    def predict(self) -> str: return ''\n")) ==
        Strings{"predict.py:3:9 `predict()` is the older name of `run()`"});
  CHECK(findings_of("predict-method", project("from cog import BasePredictor as B\n"
                                              "class Predictor(B):\n"
                                              "    def run(self) -> str: return ''\n")) ==
        Strings{"predict.py:2:17 `BasePredictor` is the older name of `BaseRunner`"});
}

TEST_CASE("predict-method: nothing to say") {
  const Strings none;
  const std::string old = "class Predictor:\n    def predict(self) -> str: return ''\n";
  CHECK(findings_of("predict-method", project("from cog import BaseRunner\n"
                                              "class Predictor(BaseRunner):\n"
                                              "    def run(self) -> str: return ''\n"
                                              "class Helper:\n"
                                              "    def predict(self): pass\n")) == none);
  CHECK(findings_of("predict-method", project("def Predictor() -> str: return ''\n")) == none);
  CHECK(findings_of("predict-method", project(old, {{"cog.yaml", "run: other.py:X\n"},
                                                    {"other.py", "class X: pass\n"}})) == none);
  // With an older Cog in the image they are the right names.
  for (const std::string build : {"python_version: \"3.8\"", "sdk_version: \"0.19.0\""})
    CHECK(findings_of("predict-method",
                      project(old, {{"cog.yaml", "build:\n  " + build +
                                                     "\npredict: \"predict.py:Predictor\"\n"}})) ==
          none);
}

TEST_CASE("predict-method: --fix changes the method, its calls, the base and the import") {
  const Case cases[] = {
      {"the usual form",
       "from cog import BasePredictor, Input\n\nclass Predictor(BasePredictor):\n"
       "    def predict(self, a: str) -> str:\n        return a\n",
       "from cog import BaseRunner, Input\n\nclass Predictor(BaseRunner):\n"
       "    def run(self, a: str) -> str:\n        return a\n"},
      {"calls on self, and no others",
       "from cog import BasePredictor\nclass Predictor(BasePredictor):\n"
       "    def setup(self): self.predict('warm up')\n"
       "    async def predict(self, a: str) -> str:\n        return self.model.predict(a)\n",
       "from cog import BaseRunner\nclass Predictor(BaseRunner):\n"
       "    def setup(self): self.run('warm up')\n"
       "    async def run(self, a: str) -> str:\n        return self.model.predict(a)\n"},
      {"a list in parentheses with comments",
       "from cog import (\n    Path,  # a\n    BasePredictor,  # b\n)\n"
       "class Predictor(BasePredictor):  # BasePredictor\n    def predict(self) -> str: return "
       "''\n",
       "from cog import (\n    Path,  # a\n    BaseRunner,  # b\n)\n"
       "class Predictor(BaseRunner):  # BasePredictor\n    def run(self) -> str: return ''\n"},
      {"an alias",
       "from cog import BasePredictor as B\nclass Predictor(B):\n"
       "    def predict(self) -> str: return ''\n",
       "from cog import BaseRunner as B\nclass Predictor(B):\n    def run(self) -> str: return "
       "''\n"},
      {"an attribute",
       "import cog\nclass Predictor(cog.BasePredictor):\n"
       "    @torch.inference_mode()\n    def predict(self) -> str: return ''\n",
       "import cog\nclass Predictor(cog.BaseRunner):\n"
       "    @torch.inference_mode()\n    def run(self) -> str: return ''\n"},
      {"another class keeps the old base",
       "try:\n    from cog import BasePredictor\nexcept ImportError:\n"
       "    from cog.predictor import BasePredictor\nclass Helper(BasePredictor):\n"
       "    def predict(self): pass\nclass Predictor(BasePredictor):\n"
       "    def predict(self) -> str: return ''\n",
       "try:\n    from cog import BasePredictor, BaseRunner\nexcept ImportError:\n"
       "    from cog.predictor import BasePredictor, BaseRunner\nclass Helper(BasePredictor):\n"
       "    def predict(self): pass\nclass Predictor(BaseRunner):\n"
       "    def run(self) -> str: return ''\n"},
      {"no base", "class Predictor:\n    def predict(self) -> str: return ''\n",
       "class Predictor:\n    def run(self) -> str: return ''\n"},
      {"the class is named elsewhere, its method is not",
       "from cog import BasePredictor\nclass Predictor(BasePredictor):\n"
       "    def setup(self): super(Predictor, self).setup()\n"
       "    def predict(self) -> str: return ''\n",
       "from cog import BaseRunner\nclass Predictor(BaseRunner):\n"
       "    def setup(self): super(Predictor, self).setup()\n"
       "    def run(self) -> str: return ''\n"},
  };
  for (const auto& item : cases) {
    CAPTURE(item.about);
    CHECK(fixed("predict-method", item.before) == item.after);
  }
}

TEST_CASE("predict-method: left to people where a use may be out of sight") {
  const std::string head = "from cog import BasePredictor\n";
  const std::string old =
      head + "class Predictor(BasePredictor):\n    def predict(self) -> str: return ''\n";
  const Case cases[] = {
      {"called from the file", old + "p = Predictor()\nprint(p.predict())\n", ""},
      {"called on a new one",
       head + "class Predictor(BasePredictor):\n"
              "    def predict(self) -> str: return Predictor().predict()\n",
       ""},
      {"called by name", old + "getattr(x, 'predict')\n", ""},
      {"another base",
       head + "class Predictor(BasePredictor, Mixin):\n    def predict(self): pass\n", ""},
      {"a foreign base",
       "from x import BasePredictor\nclass Predictor(BasePredictor):\n"
       "    def predict(self): pass\n",
       ""},
      {"two imports of the name",
       head + "from x import BasePredictor\nclass Predictor(BasePredictor):\n"
              "    def predict(self): pass\n",
       ""},
      {"the new base is there already",
       "from cog import BasePredictor, BaseRunner\n"
       "class Predictor(BasePredictor):\n    def predict(self): pass\n",
       ""},
      {"defined twice", old + "    def predict(self): pass\n", ""},
      {"`run` is an attribute",
       head + "class Predictor(BasePredictor):\n    def setup(self):\n"
              "        self.run = 1\n    def predict(self): pass\n",
       ""},
      {"an alias in the class", old + "    other = predict\n", ""},
      {"inherited in the file", old + "class Next(Predictor):\n    def predict(self): pass\n", ""},
      {"super",
       head + "class Predictor(BasePredictor):\n"
              "    def predict(self): return super().predict()\n",
       ""},
      {"not Python", old + "def (:\n", ""},
  };
  for (const auto& item : cases) {
    CAPTURE(item.about);
    CHECK(fixed("predict-method", item.before) == item.before);
    CHECK(findings_of("predict-method", project(item.before)).size() == 1);
  }
  for (const std::string import :
       {"import predict", "from predict import Predictor", "    from predict import (",
        "from . import predict", "import os, predict as p"})
    CHECK(fixed("predict-method", old, {{"tests/check.py", import + "\n"}}) == old);
  for (const std::string other : {"import predictor", "from x import predicts", "# import predict"})
    CHECK(fixed("predict-method", old, {{"tests/check.py", other + "\n"}}) != old);
}

TEST_CASE("pydantic-model: what it finds") {
  const auto said = [](const std::string& source) {
    return findings_of("pydantic-model", project(source));
  };
  const std::string body =
      "    model_config = ConfigDict(arbitrary_types_allowed=True)\n    x: str\n";
  CHECK(said("from pydantic import BaseModel, ConfigDict\nclass Output(BaseModel):\n" + body) ==
        Strings{"predict.py:2:7 `Output` is a model of pydantic made to allow any type"});
  CHECK(said("from pydantic import BaseModel as B\nclass Output(B):\n" + body).size() == 1);
  CHECK(said("import pydantic\nclass Output(pydantic.BaseModel):\n" + body).size() == 1);
  CHECK(said("from cog import BaseModel\nclass Output(BaseModel):\n" + body) == Strings{});
  CHECK(said("from pydantic import BaseModel\nclass Output(BaseModel):\n    x: str\n") ==
        Strings{});
  CHECK(said("from pydantic import BaseModel\nclass Output(BaseModel):\n"
             "    model_config = ConfigDict(arbitrary_types_allowed=False)\n") == Strings{});
}

TEST_CASE("pydantic-model: --fix inherits from Cog's class and tidies the imports") {
  const std::string option = "    model_config = ConfigDict(arbitrary_types_allowed=True)\n";
  const Case cases[] = {
      {"both names go",
       "from cog import BasePredictor, Path\nfrom pydantic import BaseModel, ConfigDict\n\n"
       "class Output(BaseModel):\n" +
           option + "    image: Path\n",
       "from cog import BasePredictor, Path, BaseModel\n\nclass Output(BaseModel):\n"
       "    image: Path\n"},
      {"another name stays",
       "from cog import Path\nfrom pydantic import BaseModel, ConfigDict, Field\n"
       "class Output(BaseModel):\n" +
           option + "    image: Path\nx = Field()\n",
       "from cog import Path, BaseModel\nfrom pydantic import Field\nclass Output(BaseModel):\n"
       "    image: Path\nx = Field()\n"},
      {"a list in parentheses",
       "from cog import Path\nfrom pydantic import (\n    BaseModel,\n    Field,\n    "
       "ConfigDict,\n)\n"
       "class Output(BaseModel):\n" +
           option + "    image: Path\nx = Field()\n",
       "from cog import Path, BaseModel\nfrom pydantic import (\n    Field,\n)\n"
       "class Output(BaseModel):\n    image: Path\nx = Field()\n"},
      {"no import of cog",
       "from pydantic import BaseModel, ConfigDict\nclass Output(BaseModel):\n" + option +
           "    x: str = ''\n",
       "from cog import BaseModel\nclass Output(BaseModel):\n    x: str = ''\n"},
      {"the module",
       "import cog\nimport pydantic\nclass Output(pydantic.BaseModel):\n"
       "    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)\n    x: str\n",
       "import cog\nfrom cog import BaseModel\nclass Output(BaseModel):\n    x: str\n"},
      {"another class stays with pydantic",
       "from cog import Path\nfrom pydantic import BaseModel, ConfigDict\n"
       "class Other(BaseModel):\n    x: str\nclass Output(BaseModel):\n" +
           option + "    image: Path\n",
       "from cog import Path, BaseModel as CogBaseModel\nfrom pydantic import BaseModel\n"
       "class Other(BaseModel):\n    x: str\nclass Output(CogBaseModel):\n    image: Path\n"},
  };
  for (const auto& item : cases) {
    CAPTURE(item.about);
    CHECK(fixed("pydantic-model", item.before) == item.after);
  }
}

TEST_CASE("pydantic-model: left to people where a dataclass would be another thing") {
  const std::string head = "from cog import Path\nfrom pydantic import BaseModel, ConfigDict\n";
  const std::string option = "    model_config = ConfigDict(arbitrary_types_allowed=True)\n";
  for (const std::string& source :
       {head +
            "class Output(BaseModel):\n    model_config = ConfigDict(arbitrary_types_allowed=True, "
            "extra='forbid')\n    x: str\n",
        head + "class Output(BaseModel):\n" + option + "    x: list = []\n",
        head + "class Output(BaseModel):\n" + option + "    x: str = Field('')\n",
        head + "class Output(BaseModel):\n" + option + "    x: str = ''\n    y: str\n",
        head + "class Output(BaseModel):\n" + option + "    def total(self): pass\n",
        head + "class Output(BaseModel):\n" + option + "    x: str\nprint(o.model_dump())\n",
        head + "class Output(BaseModel):\n" + option}) {
    CAPTURE(source);
    CHECK(findings_of("pydantic-model", project(source)).size() == 1);
    CHECK(fixed("pydantic-model", source) == source);
  }
}

TEST_CASE("removed-import: modules and names that are gone") {
  const auto said = [](const std::string& source) {
    return findings_of("removed-import", project(source + "\nclass Predictor: pass\n"));
  };
  CHECK(said("from cog.types import ExperimentalFeatureWarning") ==
        Strings{"predict.py:1:1 `cog.types.ExperimentalFeatureWarning` is gone since Cog 0.17"});
  CHECK(said("import cog.files") == Strings{"predict.py:1:1 `cog.files` is gone since Cog 0.17"});
  CHECK(said("from cog.types import Weights") ==
        Strings{"predict.py:1:1 `cog.types.Weights` is gone since Cog 0.17"});
  for (const auto* good :
       {"from cog.types import Path, Secret", "from cog import Input, current_scope", "import cog",
        "from x.types import ExperimentalFeatureWarning",
        "try:\n    import cog.files\nexcept ImportError:\n    pass"})
    CHECK(said(good) == Strings{});
}

TEST_CASE("removed-import, deprecated-name: --fix removes the class and its filters") {
  const std::string rest = "class Predictor:\n    def run(self) -> str: return ''\n";
  const Case cases[] = {
      {"the import alone", "from cog.types import ExperimentalFeatureWarning\n" + rest, rest},
      {"with a filter",
       "import warnings\nfrom cog.types import ExperimentalFeatureWarning\n"
       "warnings.filterwarnings(\"ignore\", category=ExperimentalFeatureWarning)\n" +
           rest,
       rest},
      {"warnings are used elsewhere",
       "import warnings\nfrom cog.types import Path, ExperimentalFeatureWarning, Secret\n"
       "warnings.filterwarnings('ignore', category=ExperimentalFeatureWarning)\n"
       "warnings.simplefilter('ignore')\n" +
           rest,
       "import warnings\nfrom cog.types import Path, Secret\nwarnings.simplefilter('ignore')\n" +
           rest},
      {"another use",
       "from cog.types import ExperimentalFeatureWarning\n"
       "class W(ExperimentalFeatureWarning): pass\n" +
           rest,
       "from cog.types import ExperimentalFeatureWarning\n"
       "class W(ExperimentalFeatureWarning): pass\n" +
           rest},
      {"beside other code", "from cog.types import ExperimentalFeatureWarning; x = 1\n" + rest,
       "from cog.types import ExperimentalFeatureWarning; x = 1\n" + rest},
  };
  for (const auto& item : cases) {
    CAPTURE(item.about);
    CHECK(fixed("removed-import", item.before) == item.after);
  }
  CHECK(fixed("deprecated-name", "from cog import ExperimentalFeatureWarning, Path\n" + rest) ==
        "from cog import Path\n" + rest);
}

TEST_CASE("deprecated-name: names that Cog will drop") {
  CHECK(
      findings_of("deprecated-name",
                  project("from cog import emit_metric, ExperimentalFeatureWarning\n"
                          "class Predictor:\n    def run(self) -> str: return ''\n")) ==
      Strings{"predict.py:1:1 `cog.emit_metric` is deprecated",
              "predict.py:1:1 `cog.ExperimentalFeatureWarning` is deprecated: nothing raises it"});
  CHECK(findings_of(
            "deprecated-name",
            project("from cog import File, Path\nclass Predictor:\n"
                    "    def run(self, a: File, b: list[File], c: Path) -> str: return ''\n")) ==
        Strings{"predict.py:3:19 `a` is a `File`, which Cog will drop",
                "predict.py:3:28 `b` is a `File`, which Cog will drop"});
}

TEST_CASE("--fix of cog.yaml and of the code fit together") {
  const std::string source =
      "from cog import BasePredictor\nclass Predictor(BasePredictor):\n"
      "    def predict(self) -> str: return ''\n";
  const io::MemoryTree tree(project(source));
  auto findings = run_rule("config-deprecated", tree);
  for (auto& finding : run_rule("predict-method", tree)) findings.push_back(std::move(finding));
  const auto files = apply_edits(tree, findings);
  REQUIRE(files.has_value());
  Files after = project(source);
  for (const auto& file : *files) after[file.path] = file.content;
  CHECK(after["cog.yaml"] == "build:\n  python_version: \"3.12\"\nrun: \"predict.py:Predictor\"\n");
  for (const auto* id :
       {"config-deprecated", "predict-method", "config-entry-point", "signature", "config-invalid"})
    CHECK(findings_of(id, after) == Strings{});
}

}  // namespace cogbuild::check
