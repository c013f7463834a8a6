#include "../../src/check/input_words.hpp"
#include "predictor_case.hpp"

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::check {
namespace {

TEST_CASE("full_name: shortened names and words are written out") {
  const std::map<std::string, std::string> table = {
      {"n_prompt", "negative_prompt"},
      {"neg_prompt", "negative_prompt"},
      {"img", "image"},
      {"input_img", "input_image"},
      {"cfg", "guidance_scale"},
      {"cfg_scale", "guidance_scale"},
      {"cfg_rescale", "guidance_rescale"},
      {"orig_audio", "original_audio"},
      {"score_thr", "score_threshold"},
      {"bg_color", "background_color"},
      {"text_lr", "text_learning_rate"},
      {"temp", "temperature"},
      {"w", "width"},
      {"bs", "batch_size"},
  };
  for (const auto& [shortened, full] : table) CHECK(full_name(shortened) == full);
}

TEST_CASE("full_name: usual names stay") {
  for (const std::string name : {"num_inference_steps",
                                 "top_k",
                                 "top_p",
                                 "max_new_tokens",
                                 "lora_scale",
                                 "fps",
                                 "seed",
                                 "init_image",
                                 "num_outputs",
                                 "return_temp_files",
                                 "img2img_strength",
                                 "width",
                                 "high_res",
                                 "id_scale",
                                 "vae_tiling",
                                 "steps",
                                 "lr_scheduler",
                                 "lr_warmup_steps_lora",
                                 "",
                                 "_",
                                 "min_snr_gamma"})
    CHECK(full_name(name) == name);
}

TEST_CASE("input-short-name: where it stands and what to call it") {
  CHECK(over_inputs("input-short-name",
                    "        img: Path = Input(description=\"x\"),\n"
                    "        top_k: int = 5,\n"
                    "        n_prompt: str = \"\",\n") ==
        Strings{"predict.py:7:9 `img` is a shortened name",
                "predict.py:9:9 `n_prompt` is a shortened name"});
  const io::MemoryTree project(project_with("        cfg: float = 7.5,\n"));
  const auto findings = run_rule("input-short-name", project);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix == "call it `guidance_scale`, unless people use the model already");
  CHECK(findings[0].edits.empty());
}

TEST_CASE("input-short-name: the trainer's inputs too") {
  CHECK(findings_of("input-short-name", {{"cog.yaml", "train: train.py:train\n"},
                                         {"train.py",
                                          "from cog import Input\n"
                                          "def train(lr: float = Input(default=1e-4)) -> str:\n"
                                          "    return ''\n"}}) ==
        Strings{"train.py:2:11 `lr` is a shortened name"});
}

TEST_CASE("input-name-style: capitals") {
  CHECK(over_inputs("input-name-style",
                    "        HR: bool = False,\n"
                    "        everyNFrames: int = 1,\n"
                    "        every_n_frames: int = 1,\n") ==
        Strings{"predict.py:7:9 `HR` has capitals; names of inputs are lower case",
                "predict.py:8:9 `everyNFrames` has capitals; names of inputs are lower case"});
  const io::MemoryTree project(project_with("        video_everyNFrames: int = 1,\n"));
  const auto findings = run_rule("input-name-style", project);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].fix == "call it `video_every_n_frames`");
}

}  // namespace
}  // namespace cogbuild::check
