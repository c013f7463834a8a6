#include "predictor_case.hpp"

#include <doctest/doctest.h>

namespace cogbuild::check {
namespace {

TEST_CASE("input-undescribed: no description, or an empty one") {
  CHECK(over_inputs("input-undescribed",
                    "        a: int,\n"
                    "        b: int = 3,\n"
                    "        c: int = Input(default=3),\n"
                    "        d: int = Input(description=\" \"),\n"
                    "        e: int = Input(description=\"How many\"),\n") ==
        Strings{"predict.py:7:9 `a` has no description", "predict.py:8:9 `b` has no description",
                "predict.py:9:9 `c` has no description", "predict.py:10:9 `d` has no description"});
}

TEST_CASE("input-undescribed: a description that cannot be read is none of its business") {
  CHECK(
      over_inputs("input-undescribed", "        a: int = Input(description=f\"up to {LIMIT}\"),\n")
          .empty());
}

TEST_CASE("input-vague-description: the name again, or one word") {
  CHECK(over_inputs("input-vague-description",
                    "        guidance_scale: float = Input(description=\"Guidance scale.\"),\n"
                    "        steps: int = Input(description=\"The step\"),\n"
                    "        cfg: float = Input(description=\"CFG\"),\n"
                    "        other: str = Input(description=\"Input\"),\n") ==
        Strings{"predict.py:7:9 the description of `guidance_scale` only repeats its name",
                "predict.py:8:9 the description of `steps` only repeats its name",
                "predict.py:9:9 the description of `cfg` only repeats its name",
                "predict.py:10:9 the description of `other` is one word"});
}

TEST_CASE("input-vague-description: descriptions that say something") {
  CHECK(over_inputs("input-vague-description",
                    "        seed: int = Input(description=\"Random seed\"),\n"
                    "        image: Path = Input(description=\"The picture to fix\"),\n"
                    "        prompt: str = Input(description=\"提示词\"),\n"
                    "        n_prompt: str = Input(description=\"Negative prompt\"),\n"
                    "        steps: int = Input(default=3),\n")
            .empty());
}

TEST_CASE("input-no-guidance: a wide range and not a word about it") {
  CHECK(over_inputs("input-no-guidance",
                    "        steps: int = Input(description=\"Number of denoising steps\", ge=1, "
                    "le=500),\n") ==
        Strings{"predict.py:7:9 `steps` takes 1 to 500, and nothing says where good values lie"});
  CHECK(over_inputs(
            "input-no-guidance",
            "        a: int = Input(description=\"Steps: more takes longer\", ge=1, le=500),\n"
            "        b: int = Input(description=\"Steps, 20 to 50 work well\", ge=1, le=500),\n"
            "        c: float = Input(description=\"How strong it is\", ge=0, le=1),\n"
            "        d: int = Input(description=\"How strong it is\", ge=0),\n"
            "        seed: int = Input(description=\"Seed of the run\", ge=0, le=4294967295),\n")
            .empty());
  CHECK_FALSE(find_rule("input-no-guidance")->on_by_default);
}

}  // namespace
}  // namespace cogbuild::check
