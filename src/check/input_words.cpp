#include "input_words.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::check {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

// Names as a whole, before their words are looked at.
constexpr std::array kFullNames = {
    Words{"n_prompt", "negative_prompt"},
    Words{"nprompt", "negative_prompt"},
    Words{"neg", "negative_prompt"},
    Words{"cfg", "guidance_scale"},
    Words{"cfg_scale", "guidance_scale"},
    Words{"cfgscale", "guidance_scale"},
    Words{"bs", "batch_size"},
    Words{"w", "width"},
    Words{"h", "height"},
    Words{"temp", "temperature"},
    Words{"res", "resolution"},
    Words{"lr", "learning_rate"},
    Words{"len", "length"},
    Words{"n_steps", "num_inference_steps"},
    Words{"n_samples", "num_outputs"},
    Words{"n_images", "num_outputs"},
};

// Words that are a part of a name. Those that are said as often short as long are not here: num,
// max, min, init, dim, id, ip, vae, lora, db, px.
constexpr std::array kFullWords = {
    Words{"img", "image"},        Words{"imgs", "images"},      Words{"vid", "video"},
    Words{"vids", "videos"},      Words{"txt", "text"},         Words{"msg", "message"},
    Words{"neg", "negative"},     Words{"cfg", "guidance"},     Words{"orig", "original"},
    Words{"thr", "threshold"},    Words{"thresh", "threshold"}, Words{"ckpt", "checkpoint"},
    Words{"src", "source"},       Words{"tgt", "target"},       Words{"dst", "destination"},
    Words{"ref", "reference"},    Words{"lang", "language"},    Words{"fmt", "format"},
    Words{"freq", "frequency"},   Words{"prob", "probability"}, Words{"sec", "seconds"},
    Words{"secs", "seconds"},     Words{"desc", "description"}, Words{"bg", "background"},
    Words{"fg", "foreground"},    Words{"iter", "iterations"},  Words{"iters", "iterations"},
    Words{"avg", "average"},      Words{"idx", "index"},        Words{"pct", "percent"},
    Words{"coef", "coefficient"}, Words{"lr", "learning_rate"}, Words{"len", "length"},
    Words{"seg", "segmentation"}, Words{"spk", "speaker"},      Words{"attn", "attention"},
    Words{"mult", "multiplier"},  Words{"pwd", "password"},     Words{"rep", "repetition"},
};

constexpr auto kMainNames = std::to_array<std::string_view>(
    {"prompt", "text", "texts", "image", "images", "video", "audio", "query", "file", "input",
     "inputs", "instruction", "message", "messages", "media", "document"});
constexpr auto kMainLastWords = std::to_array<std::string_view>(
    {"image", "images", "video", "audio", "file", "text", "media", "document"});
constexpr auto kMainFirstWords = std::to_array<std::string_view>(
    {"input", "source", "target", "reference", "init", "song", "swap", "user", "front"});

constexpr auto kMinorNames = std::to_array<std::string_view>({"seed",
                                                              "debug",
                                                              "verbose",
                                                              "scheduler",
                                                              "sampler",
                                                              "width",
                                                              "height",
                                                              "fps",
                                                              "batch_size",
                                                              "guidance_scale",
                                                              "negative_prompt",
                                                              "temperature",
                                                              "top_p",
                                                              "top_k",
                                                              "min_p",
                                                              "max_tokens",
                                                              "max_new_tokens",
                                                              "min_tokens",
                                                              "min_new_tokens",
                                                              "repetition_penalty",
                                                              "output_format",
                                                              "output_quality",
                                                              "num_outputs",
                                                              "num_images",
                                                              "num_samples",
                                                              "disable_safety_checker",
                                                              "lora_scale",
                                                              "replicate_weights",
                                                              "randomize_seed",
                                                              "strength",
                                                              "prompt_strength",
                                                              "aspect_ratio",
                                                              "num_beams",
                                                              "stop_sequences",
                                                              "go_fast",
                                                              "resolution"});

constexpr auto kStepNames = std::to_array<std::string_view>(
    {"steps", "num_steps", "num_inference_steps", "inference_steps", "sampling_steps",
     "sample_steps", "num_sampling_steps", "denoising_steps", "ddim_steps", "diffusion_steps"});

constexpr auto kCostNames = std::to_array<std::string_view>({"num_outputs",
                                                             "num_images",
                                                             "num_samples",
                                                             "number_of_outputs",
                                                             "number_of_images",
                                                             "num_frames",
                                                             "max_frames",
                                                             "frames",
                                                             "video_length",
                                                             "duration",
                                                             "width",
                                                             "height",
                                                             "target_width",
                                                             "target_height",
                                                             "output_width",
                                                             "output_height",
                                                             "image_size",
                                                             "resolution",
                                                             "max_tokens",
                                                             "max_new_tokens",
                                                             "max_length",
                                                             "batch_size",
                                                             "scale_factor",
                                                             "upscale",
                                                             "upscale_factor",
                                                             "num_beams",
                                                             "num_iterations",
                                                             "iterations",
                                                             "refine_steps",
                                                             "num_images_per_prompt"});

template <class Container>
bool holds(const Container& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::vector<std::string_view> words_of(std::string_view name) {
  std::vector<std::string_view> out;
  while (!name.empty()) {
    const auto end = std::min(name.find('_'), name.size());
    if (end > 0) out.push_back(name.substr(0, end));
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return out;
}

std::string full_name(std::string_view name) {
  for (const auto& [shortened, full] : kFullNames)
    if (shortened == name) return std::string(full);
  // Written like this in every training script.
  if (name.find("lr_scheduler") != std::string_view::npos ||
      name.find("lr_warmup") != std::string_view::npos)
    return std::string(name);
  std::string out;
  bool changed = false;
  for (auto word : words_of(name)) {
    for (const auto& [shortened, full] : kFullWords)
      if (shortened == word) {
        word = full;
        changed = true;
        break;
      }
    if (!out.empty()) out += '_';
    out += word;
  }
  return changed ? out : std::string(name);
}

bool is_main_input(std::string_view name) {
  const auto full = full_name(name);
  if (holds(kMainNames, full)) return true;
  const auto words = words_of(full);
  if (words.size() == 2 && words.back().starts_with("prompt"))
    return words.front() != "negative" && words.front() != "system" && words.front() != "initial";
  return words.size() == 2 &&
         ((holds(kMainLastWords, words.back()) && holds(kMainFirstWords, words.front())) ||
          (words.front() == "input" && holds(kMainNames, words.back())) ||
          (holds(kMainNames, words.front()) &&
           (words.back() == "file" || words.back() == "path" || words.back() == "input")));
}

bool is_step_count(std::string_view name) { return holds(kStepNames, full_name(name)); }

bool is_minor_input(std::string_view name) {
  return is_step_count(name) || holds(kMinorNames, full_name(name));
}

bool drives_cost(std::string_view name) {
  return is_step_count(name) || holds(kCostNames, full_name(name));
}

bool is_meant_required(const schema::Input& input) {
  return !input.default_value && !input.is_nullable();
}

bool is_primitive(const schema::Input& input, schema::Primitive primitive) {
  return input.type.kind == schema::InputType::Kind::primitive && input.type.primitive == primitive;
}

bool is_number(const schema::Input& input) {
  return is_primitive(input, schema::Primitive::integer) ||
         is_primitive(input, schema::Primitive::number);
}

}  // namespace cogbuild::check
