// Sources on which cogbuild and Cog's generator once differed, shrunk and put in other words.

#include <cogbuild/error/error.hpp>
#include <cogbuild/schema/openapi.hpp>
#include <cogbuild/schema/signature.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace cogbuild;
using namespace cogbuild::schema;

namespace {

// The input component, or the error.
std::string inputs_of(std::map<std::string, std::string> files) {
  const io::MemoryTree tree(std::move(files));
  const auto signature = read_signature(tree, "run.py:Runner", Mode::predict);
  if (!signature) return signature.error().message();
  const std::string document = openapi_document(*signature, "0");
  const std::string begin = R"("Input":)";
  const std::size_t from = document.find(begin) + begin.size();
  return document.substr(from, document.find(R"(,"Output":)") - from);
}

std::string inputs_of(const std::string& parameters) {
  return inputs_of({{"run.py",
                     "from typing import *\nfrom cog import Input, Path, Secret\n"
                     "class Runner:\n    def run(self, " +
                         parameters + ") -> str: ...\n"}});
}

}  // namespace

TEST_CASE("read_signature: what stands first in Input(…) without a name is no default") {
  CHECK(inputs_of("picture: Path = Input('the picture to draw')") ==
        R"({"properties":{"picture":{"format":"uri","title":"Picture","type":"string",)"
        R"("x-order":0}},"required":["picture"],"title":"Input","type":"object"})");
  CHECK(inputs_of("seed: Optional[int] = Input(None)") ==
        R"({"properties":{"seed":{"nullable":true,"title":"Seed","type":"integer","x-order":0}},)"
        R"("title":"Input","type":"object"})");
  CHECK(inputs_of("key: Secret = Input(None)") ==
        R"({"properties":{"key":{"format":"password","title":"Key","type":"string",)"
        R"("writeOnly":true,"x-cog-secret":true,"x-order":0}},"required":["key"],)"
        R"("title":"Input","type":"object"})");
}

TEST_CASE("read_signature: a parameter that stands twice is refused") {
  CHECK(inputs_of("size: int, size: Optional[float] = None") == "there are two parameters `size`");
}

TEST_CASE("read_signature: lengths beyond 64 bits are what Cog's processor makes of them") {
  CHECK(inputs_of("a: str = Input(min_length=1.5e300)") ==
        R"({"properties":{"a":{"minLength":9223372036854775808,"title":"A","type":"string",)"
        R"("x-order":0}},"required":["a"],"title":"Input","type":"object"})");
  CHECK(inputs_of("a: str = Input(max_length=-1)") ==
        R"({"properties":{"a":{"maxLength":18446744073709551615,"title":"A","type":"string",)"
        R"("x-order":0}},"required":["a"],"title":"Input","type":"object"})");
}

TEST_CASE("read_signature: a module of the same name as a folder makes its models known") {
  const io::MemoryTree tree(std::map<std::string, std::string>{
      {"shapes.py", "from cog import BaseModel\nclass Box(BaseModel):\n    side: float\n"},
      {"shapes/round.py", "x = 1\n"},
      {"run.py", "from shapes import round\nclass Runner:\n    def run(self) -> Box: ...\n"}});
  const auto signature = read_signature(tree, "run.py:Runner", Mode::predict);
  REQUIRE(signature);
  REQUIRE(signature->output.fields.size() == 1);
  CHECK(signature->output.fields[0].name == "side");
}

TEST_CASE("read_signature: a class may extend what was imported by its own name") {
  const io::MemoryTree tree(std::map<std::string, std::string>{
      {"shapes.py", "from typing import TypedDict\nclass Box(TypedDict):\n    side: float\n"},
      {"run.py",
       "from shapes import Box\nclass Box(Box):\n    colour: str\n"
       "class Runner:\n    def run(self) -> Box: ...\n"}});
  const auto signature = read_signature(tree, "run.py:Runner", Mode::predict);
  REQUIRE(signature);
  REQUIRE(signature->output.fields.size() == 2);
  CHECK(signature->output.fields[0].name == "side");
  CHECK(signature->output.fields[1].name == "colour");
}
