#include "rule_case.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

// The predictor of a picture model with one of each usual fault.
const Files& picture_fixer() {
  static const Files files = {
      {"cog.yaml",
       "image: \"registry.example/acme/Picture_Fixer\"\n"
       "build:\n"
       "  python_version: \"3.11\"\n"
       "predict: \"predict.py:Predictor\"\n"},
      {"predict.py",
       "from cog import BasePredictor, Input, Path\n"
       "\n"
       "\n"
       "class Predictor(BasePredictor):\n"
       "    def setup(self) -> None:\n"
       "        self.ready = True\n"
       "\n"
       "    def predict(\n"
       "        self,\n"
       "        seed: int = Input(description=\"Fix this to get the same picture again\", "
       "default=None),\n"
       "        n_prompt: str = Input(description=\"What to keep out of the picture\", "
       "default=\"\"),\n"
       "        steps: int = Input(default=500),\n"
       "        img: Path = Input(description=\"The picture to fix\"),\n"
       "        edge_strength: float = Input(description=\"How strongly edges are kept\", ge=0, "
       "le=1, default=0.5),\n"
       "        prompt: str = Input(description=\"What you want to see\"),\n"
       "        edge_image: Path = Input(description=\"Optional picture with edges\", "
       "default=None),\n"
       "        cfg: float = Input(description=\"CFG\", default=7.5),\n"
       "    ) -> Path:\n"
       "        return img\n"}};
  return files;
}

TEST_CASE("the rules of names and inputs: what they find in a predictor with the usual faults") {
  const io::MemoryTree project(picture_fixer());
  std::vector<std::string> found;
  for (const auto& rule : rules()) {
    if ((rule.group != Group::names && rule.group != Group::inputs) || !rule.on_by_default)
      continue;
    for (const auto& finding : run_rule(rule.id, project))
      found.push_back(fmt::format("{} {}:{} {}: {}", rule.id, finding.location.file,
                                  finding.location.line, to_string(rule.severity), finding.fix));
  }
  CHECK(found ==
        Strings{
            "image-name-invalid cog.yaml:1 error: call it `picture-fixer`",
            "image-name-style cog.yaml:1 warning: call it `picture-fixer`",
            "model-undescribed predict.py:8 hint: begin README.md, or a docstring of the class, "
            "with one plain sentence",
            "input-default-none predict.py:10 warning: write `Optional[int]`, or a default of that "
            "type",
            "input-default-none predict.py:16 warning: write `Optional[Path]`, or a default of "
            "that type",
            "input-unbounded predict.py:12 warning: add `le=…` (and `ge=…`), or `choices=[…]`, as "
            "far as the model can go",
            "input-unusual-default predict.py:12 hint: choose a default that gives a good result "
            "in reasonable time",
            "input-undescribed predict.py:12 warning: say in `Input(description=…)` what it does, "
            "for people who never saw the code",
            "input-vague-description predict.py:17 hint: say what it changes in the result, and "
            "which values work well",
            "input-short-name predict.py:11 warning: call it `negative_prompt`, unless people use "
            "the model already",
            "input-short-name predict.py:13 warning: call it `image`, unless people use the model "
            "already",
            "input-short-name predict.py:17 warning: call it `guidance_scale`, unless people use "
            "the model already",
            "input-order predict.py:10 hint: put required inputs first, the most important at the "
            "top",
            "input-related-apart predict.py:15 hint: put them side by side",
            "input-related-apart predict.py:16 hint: put them side by side",
        });
}

TEST_CASE("the rules of names and inputs: a predictor as it should be has no finding") {
  const io::MemoryTree project(
      {{"cog.yaml", "image: registry.example/acme/picture-fixer\npredict: predict.py:Predictor\n"},
       {"README.md", "# picture-fixer\n\nRestores old photographs.\n"},
       {"predict.py",
        "from typing import Optional\n"
        "from cog import BasePredictor, Input, Path\n"
        "class Predictor(BasePredictor):\n"
        "    def predict(self,\n"
        "        image: Path = Input(description=\"The photograph to restore\"),\n"
        "        prompt: str = Input(description=\"What it shows, in a sentence\", default=\"\"),\n"
        "        negative_prompt: str = Input(description=\"What to keep out\", default=\"\"),\n"
        "        num_inference_steps: int = Input(description=\"20 to 40 work well; more takes "
        "longer\", ge=1, le=100, default=30),\n"
        "        seed: Optional[int] = Input(description=\"Leave blank for a random one\", "
        "default=None),\n"
        "    ) -> Path:\n"
        "        return image\n"}});
  for (const auto& rule : rules())
    if (rule.group == Group::names || rule.group == Group::inputs)
      CHECK_MESSAGE(run_rule(rule.id, project).empty(), std::string(rule.id));
}

}  // namespace
}  // namespace cogbuild::check
