#include "rule_case.hpp"

#include <cogbuild/config/config.hpp>

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::check {
namespace {

Strings of_image(std::string_view rule, const std::string& name) {
  return findings_of(rule, {{"cog.yaml", "image: " + name + "\n"}});
}

constexpr const char* kPredictor =
    "from cog import BasePredictor, Input\n"
    "\n"
    "class Predictor(BasePredictor):\n"
    "    def predict(self, text: str) -> str:\n"
    "        return text\n";

constexpr const char* kConfig = "predict: predict.py:Predictor\n";

TEST_CASE("image-name-invalid: capitals of the repository are an error") {
  CHECK(of_image("image-name-invalid", "registry.example/acme/Picture_Fixer") ==
        Strings{"cog.yaml:1:8 `acme/Picture_Fixer` has capitals, which every registry refuses"});
  CHECK(of_image("image-name-invalid", "r8.im/Acme/fixer:v1").size() == 1);
  CHECK(find_rule("image-name-invalid")->severity == Severity::error);
}

TEST_CASE("image-name-invalid: hosts and tags may have capitals") {
  for (const auto* const name :
       {"r8.im/acme/picture-fixer", "Registry.Example/acme/fixer", "localhost:5000/fixer",
        "r8.im/acme/fixer:Latest", "fixer", "fixer:V2"})
    CHECK_MESSAGE(of_image("image-name-invalid", name).empty(), std::string(name));
  CHECK(findings_of("image-name-invalid", {}).empty());
}

TEST_CASE("image-name-style: underscores of the last component, and of nothing else") {
  CHECK(of_image("image-name-style", "registry.example/acme/Picture_Fixer") ==
        Strings{"cog.yaml:1:8 `Picture_Fixer` has underscores; names of models have dashes"});
  for (const auto* const name : {"r8.im/my_team/picture-fixer", "r8.im/acme/fixer:my_tag", "fixer"})
    CHECK_MESSAGE(of_image("image-name-style", name).empty(), std::string(name));
}

TEST_CASE("image names: the fix gives the name in lower case with dashes") {
  const io::MemoryTree project(Files{{"cog.yaml", "image: r8.im/acme/_My__Model_v1.5_\n"}});
  const auto findings = run_rule("image-name-style", project);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix == "call it `my-model-v1.5`");
}

TEST_CASE("image-variant-last: a size or precision in front") {
  CHECK(of_image("image-variant-last", "r8.im/acme/70b-llama-2-chat") ==
        Strings{"cog.yaml:1:8 `70b-llama-2-chat` begins with its variant"});
  CHECK(of_image("image-variant-last", "r8.im/acme/fp16_sdxl").size() == 1);
  for (const auto* const name :
       {"r8.im/meta/llama-2-70b-chat", "r8.im/acme/3d-photo", "r8.im/acme/4x-upscaler",
        "r8.im/acme/b-roll", "r8.im/acme/instruct-pix2pix", "r8.im/acme/7b", "r8.im/acme/8ball-m"})
    CHECK_MESSAGE(of_image("image-variant-last", name).empty(), std::string(name));
}

TEST_CASE("weight-name-style: names of weights") {
  const std::string start = "model: r8.im/acme/fixer\nweights:\n  - name: ";
  const std::string rest = "\n    target: /src/weights\n    source:\n      uri: hf://acme/fixer\n";
  CHECK(findings_of("weight-name-style", {{"cog.yaml", start + "sdxl_base" + rest}}) ==
        Strings{"cog.yaml:3:11 `sdxl_base` has underscores; dashes are the usual style"});
  CHECK(findings_of("weight-name-style", {{"cog.yaml", start + "sdxl-base-1.0" + rest}}).empty());
}

TEST_CASE("model-undescribed: neither README nor docstring has a sentence") {
  const Files bare = {{"cog.yaml", kConfig}, {"predict.py", kPredictor}};
  CHECK(findings_of("model-undescribed", bare) ==
        Strings{"predict.py:4:9 no sentence says what the model does"});
  for (const auto* const readme :
       {"# picture-fixer\n", "![demo of it](demo.png)\n", "<p align=center>some words here</p>\n",
        "```\npip install a b\n```\n"}) {
    auto files = bare;
    files["README.md"] = readme;
    CHECK_MESSAGE(findings_of("model-undescribed", files).size() == 1, std::string(readme));
  }
}

TEST_CASE("model-undescribed: a sentence in either is enough") {
  Files files = {{"cog.yaml", kConfig}, {"predict.py", kPredictor}};
  for (const auto* const readme :
       {"# fixer\n\nRestores old photographs.\n", "**Fixer** restores old photographs.\n",
        "[Fixer](https://fixer.example) restores photographs of any size.\n"}) {
    files["README.md"] = readme;
    CHECK_MESSAGE(findings_of("model-undescribed", files).empty(), std::string(readme));
  }
  files.erase("README.md");
  files["predict.py"] =
      "from cog import BasePredictor\n"
      "class Predictor(BasePredictor):\n"
      "    \"\"\"Restores old photographs.\"\"\"\n"
      "    def predict(self, text: str) -> str:\n"
      "        return text\n";
  CHECK(findings_of("model-undescribed", files).empty());
}

}  // namespace
}  // namespace cogbuild::check
