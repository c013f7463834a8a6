#include "predictor_case.hpp"

#include <doctest/doctest.h>

namespace cogbuild::check {
namespace {

TEST_CASE("input-order: an optional input before required ones") {
  CHECK(over_inputs("input-order",
                    "        seed: int = Input(default=None),\n"
                    "        image: Path = Input(description=\"x\"),\n"
                    "        prompt: str = Input(description=\"x\"),\n") ==
        Strings{"predict.py:7:9 `seed` stands before `image` and `prompt`, which every caller must "
                "give"});
  CHECK(over_inputs("input-order",
                    "        image: Path,\n"
                    "        task: Optional[str] = Input(default=None),\n"
                    "        question: str,\n") ==
        Strings{"predict.py:8:9 `task` stands before `question`, which every caller must give"});
  CHECK(over_inputs("input-order",
                    "        a: int = 1,\n"
                    "        b: int,\n"
                    "        c: int,\n"
                    "        d: int,\n"
                    "        e: int,\n") ==
        Strings{"predict.py:7:9 `a` stands before `b`, `c` and 2 more, which every caller must "
                "give"});
}

TEST_CASE("input-order: a minor input before what the model is about") {
  CHECK(over_inputs("input-order",
                    "        seed: int = 0,\n"
                    "        prompt: str = \"\",\n") ==
        Strings{"predict.py:7:9 `seed` stands before `prompt`, which the model is about"});
  CHECK(over_inputs("input-order",
                    "        model: str = Input(default=\"a\", choices=[\"a\", \"b\"]),\n"
                    "        input_image: Path = None,\n")
            .size() == 1);
}

TEST_CASE("input-order: orders that are good") {
  for (const auto* const parameters :
       {"        prompt: str,\n        seed: int = 0,\n",
        "        prompt: str = \"\",\n        image: Path = None,\n        seed: int = 0,\n",
        "        task: str = Input(choices=[\"a\", \"b\"]),\n        image: Path,\n",
        "        voice: str = \"\",\n        text: str = \"\",\n",
        "        text: str = \"\",\n        speaker: Path,\n",
        "        model: str = Input(default=\"a\", choices=[\"a\"]),\n        negative_prompt: "
        "str = \"\",\n"
        "        seed: int = 0,\n",
        "        seed: int = 0,\n        steps: int = 3,\n", "        seed: int = 0,\n", ""})
    CHECK_MESSAGE(over_inputs("input-order", parameters).empty(), std::string(parameters));
}

TEST_CASE("input-related-apart: the prompts, the sides, and what shares a first word") {
  CHECK(over_inputs("input-related-apart",
                    "        prompt: str,\n"
                    "        width: int = 1,\n"
                    "        n_prompt: str = \"\",\n"
                    "        height: int = 1,\n") ==
        Strings{"predict.py:9:9 `prompt` and `n_prompt` belong together but stand apart",
                "predict.py:10:9 `width` and `height` belong together but stand apart"});
  CHECK(over_inputs("input-related-apart",
                    "        edge_strength: float = 1,\n"
                    "        prompt: str = \"\",\n"
                    "        edge_image: Path = None,\n"
                    "        other: int = 1,\n"
                    "        edge_color: str = \"\",\n") ==
        Strings{"predict.py:9:9 `edge_strength` and `edge_image` belong together but stand apart"});
}

TEST_CASE("input-related-apart: what stands together, or shares a loose word") {
  for (const auto* const parameters :
       {"        prompt: str,\n        prompt_strength: float = 1,\n        negative_prompt: "
        "str,\n",
        "        use_mask: bool,\n        seed: int,\n        use_depth: bool,\n",
        "        gradient_accumulation_steps: int,\n        seed: int,\n        "
        "gradient_checkpointing: bool,\n",
        "        num_outputs: int,\n        seed: int,\n        num_inference_steps: int,\n",
        "        edge_image: Path,\n        invert_edge: bool,\n        edge_color: str,\n",
        "        width: int,\n        height: int,\n        prompt: str,\n", ""})
    CHECK_MESSAGE(over_inputs("input-related-apart", parameters).empty(), std::string(parameters));
}

}  // namespace
}  // namespace cogbuild::check
