#include "hub_names.hpp"

#include <algorithm>
#include <array>

namespace cogbuild::check {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.front() != '-' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-' || c == '.' || c == '@';
         });
}

// First parts of paths rather than owners.
bool is_directory_word(std::string_view owner) {
  constexpr auto kWords = std::to_array<std::string_view>({"weights",
                                                           "weight",
                                                           "checkpoints",
                                                           "checkpoint",
                                                           "ckpt",
                                                           "ckpts",
                                                           "models",
                                                           "model",
                                                           "pretrained",
                                                           "pretrained_models",
                                                           "pretrained_weights",
                                                           "pretrain",
                                                           "cache",
                                                           "data",
                                                           "model_cache",
                                                           "checkpoints_cache",
                                                           "src",
                                                           "assets",
                                                           "output",
                                                           "outputs",
                                                           "results",
                                                           "tmp",
                                                           "configs",
                                                           "config",
                                                           "hf_models",
                                                           "model-cache",
                                                           "diffusers-cache",
                                                           "weights-cache",
                                                           "downloads",
                                                           "huggingface",
                                                           "experiments",
                                                           "resources",
                                                           "files",
                                                           "saved_models"});
  return std::ranges::find(kWords, owner) != kWords.end();
}

bool is_file_name(std::string_view name) {
  constexpr auto kSuffixes = std::to_array<std::string_view>(
      {".pth", ".pt", ".ckpt", ".safetensors", ".bin", ".onnx", ".json", ".yaml", ".yml", ".txt",
       ".gguf", ".model", ".tar", ".zip", ".py"});
  return std::ranges::any_of(kSuffixes, [name](auto suffix) { return name.ends_with(suffix); });
}

}  // namespace

bool is_hub_name(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    constexpr auto kOwnerless = std::to_array<std::string_view>(
        {"gpt2", "bert-", "distilbert-", "roberta-", "distilroberta-", "xlm-", "albert-", "t5-",
         "xlnet-", "distilgpt2", "openai-gpt"});
    return is_name(text) &&
           std::ranges::any_of(kOwnerless, [text](auto start) { return text.starts_with(start); });
  }
  const auto owner = text.substr(0, slash);
  const auto name = text.substr(slash + 1);
  return is_name(owner) && is_name(name) && !is_directory_word(owner) && !is_file_name(name);
}

}  // namespace cogbuild::check
