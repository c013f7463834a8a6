#include <cogbuild/error/error.hpp>
#include <cogbuild/schema/openapi.hpp>
#include <cogbuild/schema/signature.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace cogbuild;
using namespace cogbuild::schema;

namespace {

using Files = std::map<std::string, std::string>;

Signature read(Files files, const std::string& reference = "run.py:Runner",
               Mode mode = Mode::predict) {
  const io::MemoryTree tree(std::move(files));
  auto signature = read_signature(tree, reference, mode);
  if (!signature) FAIL(render(signature.error()));
  return std::move(*signature);
}

std::string refuse(Files files, const std::string& reference = "run.py:Runner",
                   Mode mode = Mode::predict) {
  const io::MemoryTree tree(std::move(files));
  const auto signature = read_signature(tree, reference, mode);
  return signature ? "accepted" : render(signature.error());
}

// A model with these parameters and this output.
Files model(const std::string& parameters, const std::string& output = "str",
            const std::string& before = "from cog import Input, Path, Secret\n") {
  return {{"run.py", before + "class Runner:\n    def run(self, " + parameters + ") -> " + output +
                         ":\n        pass\n"}};
}

std::string warnings(const Signature& signature) {
  std::string out;
  for (const Error& warning : signature.warnings) out += render(warning);
  return out;
}

// What the document says of inputs, without the rest.
std::string properties(const Signature& signature) {
  const std::string document = openapi_document(signature, "0");
  const std::string begin = R"("Input":{"properties":)";
  const std::size_t from = document.find(begin) + begin.size();
  return document.substr(from, document.find(R"("title":"Input")") - from);
}

std::string output_of(const Signature& signature) {
  const std::string document = openapi_document(signature, "0");
  const std::string begin = R"("Output":)";
  const std::size_t from = document.find(begin) + begin.size();
  return document.substr(from, document.find(R"("title":"Output")") - from);
}

}  // namespace

TEST_CASE("read_signature: names, places, docstring") {
  const Signature signature =
      read({{"app/run.py",
             "\"\"\"Of the file.\"\"\"\n"
             "class Base:\n"
             "    async def run(self, a: int) -> str:\n"
             "        '''Of the method.'''\n"
             "class Runner(Base):\n"
             "    '''\n    Draws a cat\n    in colour.\n\n    More.\n'''\n"}},
           "./app//run.py:Runner");
  CHECK(signature.file == "app/run.py");
  CHECK(signature.class_name == "Runner");
  CHECK(signature.function == "run");
  CHECK(signature.docstring == "Draws a cat in colour.");
  CHECK(signature.asynchronous);
  CHECK(signature.location ==
        SourceLocation{"app/run.py", 3, 15, "    async def run(self, a: int) -> str:"});
  REQUIRE(signature.inputs.size() == 1);
  CHECK(signature.inputs[0].name == "a");
  CHECK(signature.inputs[0].annotation == "int");
  CHECK(signature.inputs[0].location.column == 25);
}

TEST_CASE("read_signature: a method of a base in another file is read with that file's names") {
  const Signature signature =
      read({{"run.py", "from lib.base import Base as B\nclass Runner(B):\n    pass\n"},
            {"lib/base.py",
             "from typing import Optional\nfrom .parts import Grand\n"
             "class Base(Grand):\n    pass\n"},
            {"lib/parts.py",
             "SIZES = [1, 2]\nfrom cog import Input\n"
             "class Grand:\n    def run(self, a: int = Input(choices=SIZES)) -> str:\n"
             "        pass\n"}});
  CHECK(signature.file == "lib/parts.py");
  CHECK(signature.inputs[0].choices.size() == 2);
}

TEST_CASE("read_signature: functions, train, and which method counts") {
  CHECK(read({{"p.py", "def predict(a: str) -> str: pass\n"}}, "p.py:Other").function == "predict");
  CHECK(read({{"p.py", "def other(a: str) -> str: pass\n"}}, "p.py:other").class_name.empty());
  CHECK(read({{"t.py", "def train(a: str) -> str: pass\n"}}, "t.py:x", Mode::train).function ==
        "train");
  CHECK(read({{"t.py", "class A:\n    def train(self, a: str) -> str: pass\nclass T(A): pass\n"}},
             "t.py:T", Mode::train)
            .class_name == "T");
  const Signature both = read({{"run.py",
                                "class Base:\n    def run(self) -> str: pass\n"
                                "class Runner(Base):\n    def predict(self) -> int: pass\n"}});
  CHECK(both.function == "run");
  CHECK(warnings(both) ==
        "run.py:4:9: error: `Runner` has both `run` and `predict`: Cog's library refuses it when "
        "the model starts\n"
        "  4 |     def predict(self) -> int: pass\n"
        "    |         ^\n"
        "hint: keep `run`\n");
}

TEST_CASE("read_signature: a base that only a star brings counts where there is no other method") {
  const std::string base = "class Base:\n    def run(self) -> int: pass\n";
  CHECK(read({{"run.py", "from base import *\nclass Runner(Base): pass\n"}, {"base.py", base}})
            .function == "run");
  CHECK(read({{"run.py",
               "from base import *\nclass Runner(Base):\n    def predict(self) -> str: pass\n"},
              {"base.py", base}})
            .function == "predict");
}

TEST_CASE("read_signature: inputs as Cog reads them") {
  struct Row {
    const char* parameters;
    const char* properties;
  };
  const Row rows[] = {
      {"a: str", R"({"a":{"title":"A","type":"string","x-order":0}},"required":["a"],)"},
      {"b_c: int = 1", R"({"b_c":{"default":1,"title":"B C","type":"integer","x-order":0}},)"},
      {"a: int | None", R"({"a":{"nullable":true,"title":"A","type":"integer","x-order":0}},)"},
      {"a: Secret = None",
       R"({"a":{"default":null,"format":"password","nullable":true,"title":"A","type":"string",)"
       R"("writeOnly":true,"x-cog-secret":true,"x-order":0}},)"},
      {"a: str = Input(default=f())",
       R"({"a":{"title":"A","type":"string","x-order":0}},"required":["a"],)"},
      {"a: str = Input('x')",  // the default has no name: Cog does not see it
       R"({"a":{"title":"A","type":"string","x-order":0}},"required":["a"],)"},
      {"a: int = Input(ge=0x10, le=True, description='x' + 'y')",
       R"({"a":{"description":"x' + 'y","title":"A","type":"integer","x-order":0}},)"
       R"("required":["a"],)"},
      {"x, a: str, *rest, **more",
       R"({"a":{"title":"A","type":"string","x-order":0}},"required":["a"],)"},
      {"a: list[Path] = Input(accept='image/*')",
       R"({"a":{"items":{"format":"uri","type":"string"},"title":"A","type":"array",)"
       R"("x-cog-accept":"image/*","x-order":0}},"required":["a"],)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.parameters);
    CHECK(properties(read(model(row.parameters))) == row.properties);
  }
}

TEST_CASE("read_signature: what Cog refuses and its library takes") {
  const std::string head =
      "import cog as c\nimport typing as t\nfrom typing import Optional as Opt\n"
      "from cog import Path as CogPath, Input\nimport presets\nfrom presets import SIZES\n"
      "PROMPT = Input(description='p', default='d')\nSeed = Opt[int]\nS = ['a', # c\n 'b']\n";
  const std::string presets =
      "from cog import Input\nSIZES = {'s': 1, 'm': f()}\nNAME = 'n'\n"
      "def quality(default=3):\n    return Input(description='q', ge=1)\n";
  struct Row {
    const char* parameters;
    const char* same_as;  // in words that Cog takes
  };
  const Row rows[] = {
      {"a: str = c.Input(default='x')", "a: str = Input(default='x')"},
      {"a: str = c.Input('x')", "a: str = Input(default='x')"},
      {"a: str = Input(choices=('x', 'y'))", "a: str = Input(choices=['x', 'y'])"},
      {"a: str = Input(choices=S)", "a: str = Input(choices=['a', 'b'])"},
      {"a: str = Input(choices=['x',  # c\n 'y'])", "a: str = Input(choices=['x', 'y'])"},
      {"a: str = Input(choices=list(SIZES))", "a: str = Input(choices=['s', 'm'])"},
      {"a: str = Input(choices=sorted(SIZES))", "a: str = Input(choices=['m', 's'])"},
      {"a: str = Input(choices=[*SIZES, 'x'])", "a: str = Input(choices=['s', 'm', 'x'])"},
      {"a: str = Input(choices=presets.SIZES.keys())", "a: str = Input(choices=['s', 'm'])"},
      {"a: str = presets.NAME", "a: str = 'n'"},
      {"a: str = ('x' 'y')", "a: str = 'xy'"},
      {"a: str = PROMPT", "a: str = Input(description='p', default='d')"},
      {"a: int = presets.quality(default=5)", "a: int = Input(description='q', ge=1, default=5)"},
      {"a: Opt[int]", "a: int | None"},
      {"a: Seed", "a: int | None"},
      {"a: CogPath", "a: Path"},
      {"a: list", "a: list[dict]"},
      {"a: t.Annotated[int, max(1, 2)]", "a: int"},
      {"a: t.Union[Opt[int], str]", "a: int | str | None"},
      {"a: Input(default=1) = 1", "a: int = 1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.parameters);
    Files files = model(row.parameters, "str", head);
    files["presets.py"] = presets;
    if (std::string_view(row.parameters).starts_with("a: Input")) {
      CHECK(refuse(files) != "accepted");
      continue;
    }
    CHECK(properties(read(files)) == properties(read(model(row.same_as))));
  }
}

TEST_CASE("read_signature: outputs") {
  const std::string head =
      "from typing import *\nfrom typing import List, Optional, TypedDict, NotRequired, Iterator\n"
      "from cog import BaseModel, ConcatenateIterator, Path\nimport shapes\n"
      "class Node(BaseModel):\n    next: Optional['Node']\n    size: int = 3\n    a_b: str\n"
      "class Child(Node):\n    more: str\n"
      "class D(TypedDict, total=False):\n    x: int\n"
      "class E(D):\n    y: str\n    z: NotRequired[str]\n";
  struct Row {
    const char* type;
    const char* output;
  };
  const Row rows[] = {
      {"str", "{"},
      {"List[Path]", R"({"items":{"format":"uri","type":"string"},)"},
      {"ConcatenateIterator[str]", R"({"items":{"type":"string"},)"},
      {"dict[str, list[int]]",
       R"({"additionalProperties":{"items":{"type":"integer"},"type":"array"},)"},
      {"Node", R"({"properties":{"next":{"nullable":true,"title":"Next","type":"object"},)"
               R"("size":{"title":"Size","type":"integer"},"a_b":{"title":"A B","type":"string"}},)"
               R"("required":["a_b"],)"},
      {"E",
       R"({"properties":{"x":{"title":"X","type":"integer"},"y":{"title":"Y","type":"string"},)"
       R"("z":{"title":"Z","type":"string"}},"required":["y"],)"},
      {"Child",  // Cog knows no inherited model; its library does
       R"({"properties":{"next":{"nullable":true,"properties":{"next":{"nullable":true,)"
       R"("title":"Next","type":"object"},"size":{"title":"Size","type":"integer"},)"
       R"("a_b":{"title":"A B","type":"string"}},"required":["a_b"],"title":"Next",)"
       R"("type":"object"},"size":{"title":"Size","type":"integer"},)"
       R"("a_b":{"title":"A B","type":"string"},"more":{"title":"More","type":"string"}},)"
       R"("required":["a_b","more"],)"},
      {"shapes.Square", R"({"properties":{"side":{"title":"Side","type":"integer"}},)"
                        R"("required":["side"],)"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.type);
    Files files = model("a: str", row.type, head);
    files["shapes.py"] = "import cog\nclass Square(cog.BaseModel):\n    side: int\n";
    CHECK(output_of(read(files)) == row.output);
  }
}

TEST_CASE("read_signature: decorators") {
  const std::string head = "import cog\nfrom cog import streaming\nfrom typing import Iterator\n";
  const Signature signature =
      read({{"run.py", head + "class Runner:\n    @streaming\n    @cog.concurrent(max=4)\n"
                              "    async def run(self) -> Iterator[str]: pass\n"}});
  CHECK(signature.streaming);
  CHECK(signature.concurrency_max == 4);
  CHECK(refuse({{"run.py", head + "class Runner:\n    @streaming\n    @cog.concurrent(max=4)\n"
                                  "    def run(self) -> str: pass\n"}}) ==
        "run.py:5:6: error: a streaming model returns an iterator\n"
        "  5 |     @streaming\n"
        "    |      ^\n"
        "hint: return `Iterator[…]` or `ConcatenateIterator[str]`, or take `@streaming` away\n"
        "run.py:6:6: error: only an `async def` can run several at a time\n"
        "  6 |     @cog.concurrent(max=4)\n"
        "    |      ^\n"
        "hint: write `async def`, or take `max` away\n");
}

TEST_CASE("read_signature: an iterator says of what") {
  CHECK(refuse({{"run.py",
                 "from cog import ConcatenateIterator\nclass Runner:\n"
                 "    def run(self) -> ConcatenateIterator: pass\n"}}) ==
        "run.py:3:22: error: `ConcatenateIterator` does not say what it gives one after the other\n"
        "  3 |     def run(self) -> ConcatenateIterator: pass\n"
        "    |                      ^\n"
        "hint: write `ConcatenateIterator[str]`\n");
}

TEST_CASE("read_signature: all faults are told together, each with its place") {
  CHECK(refuse({{"run.py",
                 "import numpy as np\nfrom cog import Input\n"
                 "class Runner:\n"
                 "    def run(self, a=1,\n"
                 "            b: np.ndarray = Input(),\n"
                 "            c: str = Input(choices=names()),\n"
                 "            d: str = Input(accept='image/*'),\n"
                 "            e: str = now()):\n"
                 "        pass\n"}}) ==
        "run.py:4:19: error: `a` of `run` has no type\n"
        "  4 |     def run(self, a=1,\n"
        "    |                   ^\n"
        "hint: write `a: str = …`, with the type it has\n"
        "run.py:5:16: error: `np.ndarray` of `numpy` is no type that an input can have\n"
        "  5 |             b: np.ndarray = Input(),\n"
        "    |                ^\n"
        "hint: where it is JSON, write `Annotated[np.ndarray, Opaque]` with `from typing import "
        "Annotated` and `from cog import Opaque`\n"
        "run.py:6:36: error: these choices are known only when the code runs\n"
        "  6 |             c: str = Input(choices=names()),\n"
        "    |                                    ^\n"
        "hint: write them as a list: `choices=[\"a\", \"b\"]`\n"
        "run.py:7:22: error: `accept` of `d`, which is no file\n"
        "  7 |             d: str = Input(accept='image/*'),\n"
        "    |                      ^\n"
        "hint: make it a `Path`, or take `accept` away\n"
        "run.py:8:22: error: the default of `e` is known only when the code runs\n"
        "  8 |             e: str = now()):\n"
        "    |                      ^\n"
        "hint: write a literal (a string, a number, True, False, None, a list) or `Input(…)`\n"
        "run.py:4:9: error: `run` does not say what it returns\n"
        "  4 |     def run(self, a=1,\n"
        "    |         ^\n"
        "hint: write the type: `def …(…) -> str:`\n");
}

TEST_CASE("read_signature: the form of Cog before 0.1 is one fault") {
  CHECK(refuse({{"predict.py",
                 "import cog\nclass Predictor:\n    @cog.input('a', type=int)\n"
                 "    def predict(self, a, b=1): pass\n"}},
               "predict.py:Predictor") ==
        "predict.py:3:6: error: `@cog.input` is the form of Cog before 0.1\n"
        "  3 |     @cog.input('a', type=int)\n"
        "    |      ^\n"
        "hint: make each input a parameter with a type, such as `steps: int = Input(default=50, "
        "ge=1, le=500)`, and say what is returned: `-> Path`\n");
}

TEST_CASE("read_signature: references") {
  const Files files = {{"run.py", "class Model: pass\ndef helper(): pass\n"}};
  CHECK(refuse(files, "run.py") ==
        "error: `run.py` names no file and class\nhint: write `run.py:Runner`\n");
  CHECK(refuse(files, "../run.py:Runner") ==
        "error: `../run.py:Runner` leads out of the project\n"
        "hint: name a file of the project, relative to its root\n");
  CHECK(refuse(files, "/etc/run.py:Runner").starts_with("error: `/etc/run.py:Runner` leads out"));
  CHECK(refuse(files, "predict.py:Runner") ==
        "error: there is no file `predict.py`\n"
        "hint: create it, or name another file than `predict.py:Runner` in cog.yaml\n");
  CHECK(refuse(files) ==
        "run.py: error: `run.py` has no class or function `Runner`\n"
        "hint: it has `Model`, `helper`: name one of these in cog.yaml\n");
  CHECK(refuse(files, "run.py:Model") ==
        "run.py:1:7: error: the class `Model` has no method `run`\n"
        "  1 | class Model: pass\n"
        "    |       ^\n"
        "hint: add `def run(self, …) -> …:` to it\n");
}

TEST_CASE("read_signature: cycles and floods come to an end") {
  Files circle = {{"run.py", "from a import A\nclass Runner(A): pass\n"},
                  {"a.py", "from b import B\nclass A(B): pass\n"},
                  {"b.py", "from a import A\nclass B(A): pass\n"}};
  CHECK(refuse(circle).find("has no method `run`") != std::string::npos);

  // Each model holds two of the next: 2^40 types.
  std::string models = "from cog import BaseModel\n";
  for (int at = 40; at > 0; --at)
    models += "class M" + std::to_string(at) + "(BaseModel):\n    a: 'M" + std::to_string(at + 1) +
              "'\n    b: 'M" + std::to_string(at + 1) + "'\n";
  models += "class M41(BaseModel):\n    a: int\n";
  const std::string told = refuse(model("a: str", "M1", models));
  CHECK(told.find("the output has more than 100000 types") != std::string::npos);

  Files many;
  for (int at = 0; at < 600; ++at)
    many["m" + std::to_string(at) + ".py"] =
        "from m" + std::to_string(at + 1) + " import Out\nx = 1\n";
  many["run.py"] = "from m0 import Out\nclass Runner:\n    def run(self) -> Out: pass\n";
  CHECK(refuse(many).find("`Out` of `m0` is no type that a model can return") != std::string::npos);
}

TEST_CASE("read_signature: what is no Python is a warning, or told with the other faults") {
  const Signature signature =
      read({{"run.py", "class Runner:\n    def run(self, a: str) -> str: pass\nx = = 1\n"}});
  CHECK(warnings(signature).starts_with("run.py:3:"));
  CHECK(refuse({{"run.py", "class Other:\n    pass\nx = = 1\n"}}).find("this is not Python") !=
        std::string::npos);
  CHECK(refuse({{"run.py", "class Runner:\n    def run(self, a=1) -> str: pass\nx = = 1\n"}})
            .find("this is not Python") != std::string::npos);
}
