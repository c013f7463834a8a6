#include "constant_text.hpp"
#include "fetched_before.hpp"
#include "left_out.hpp"
#include "live_code.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "text_lines.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace cogbuild::check {
namespace {

using syntax::Node;

void find_pointers(const Subject& subject, std::vector<Finding>& findings) {
  constexpr std::string_view kMark = " is a Git LFS pointer";
  RuleReporter report(findings);
  for (const auto& fault : subject.lfs_pointers) {
    const auto mark = fault.message().find(kMark);
    if (mark == std::string::npos) continue;
    const auto path = fault.message().substr(0, mark);
    report.in_file(path, fmt::format("`{}`{}", path, fault.message().substr(mark)),
                   "run `git lfs pull`, or leave the file out by a line in .dockerignore");
  }
}

bool has_weights_suffix(std::string_view path) {
  constexpr auto kSuffixes = std::to_array<std::string_view>(
      {".pth", ".pt", ".ckpt", ".safetensors", ".bin", ".onnx", ".gguf", ".h5", ".pkl", ".npz",
       ".joblib", ".tflite", ".pb", ".keras", ".nemo", ".task", ".engine", ".caffemodel"});
  return std::ranges::any_of(kSuffixes, [path](auto suffix) { return path.ends_with(suffix); });
}

std::string normal_path(std::string_view path) {
  if (path.starts_with("/src/")) path.remove_prefix(5);
  while (path.starts_with("./")) path.remove_prefix(2);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

// Calls whose text arguments name a file or directory that is read.
bool reads_path(std::string_view function) {
  const auto last = function.substr(function.rfind('.') + 1);
  constexpr auto kReaders = std::to_array<std::string_view>({"load",
                                                             "load_file",
                                                             "load_model",
                                                             "load_state_dict",
                                                             "from_pretrained",
                                                             "from_single_file",
                                                             "open",
                                                             "InferenceSession",
                                                             "load_checkpoint",
                                                             "load_weights",
                                                             "load_from_checkpoint",
                                                             "from_file",
                                                             "Llama",
                                                             "YOLO",
                                                             "safe_open",
                                                             "torch_load",
                                                             "WhisperModel",
                                                             "load_lora_weights",
                                                             "SentenceTransformer",
                                                             "read_csv",
                                                             "jit_load"});
  return std::ranges::find(kReaders, last) != kReaders.end();
}

// Whether the text names something at the top of what is left out.
bool names_left_out(const Subject& subject, const PythonFile& file) {
  constexpr std::size_t kMostAsked = 64;
  const auto& paths = subject.listing->ignored.paths;
  for (std::size_t i = 0; i < paths.size() && i < kMostAsked; ++i)
    if (const auto name = std::string_view(paths[i]).substr(paths[i].rfind('/') + 1);
        !name.starts_with('.') && file.mentions({name}))
      return true;
  return paths.size() > kMostAsked;
}

void find_left_out(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing || !subject.listing->has_dockerignore ||
      subject.listing->ignored.paths.empty())
    return;
  RuleReporter report(findings);
  for (const PythonFile* file : live_code(subject).near_files()) {
    if (!file->mentions({"load", "open(", "from_", "Session(", "Model(", "YOLO(", "Llama("}) ||
        !names_left_out(subject, *file) || file->module() == nullptr)
      continue;
    const ConstantTexts texts(*file->module());
    std::set<std::string> seen;
    syntax::walk(file->module()->root(), [&](const Node& node) {
      if (!node.is("call") || !reads_path(syntax::dotted_name(node.field("function")))) return true;
      for (const auto& argument : syntax::arguments(node)) {
        const auto text = texts.of(argument.value);
        if (!text.complete || text.text.size() < 3) continue;
        const auto path = normal_path(text.text);
        const bool looks_like_path = has_weights_suffix(path) ||
                                     path.find('/') != std::string::npos ||
                                     text.text.starts_with("./");
        if (!looks_like_path || !is_left_out(subject, path) || !exists_in_project(subject, path) ||
            is_in_main_guard(node) || !live_code(subject).is_live(node) ||
            !seen.insert(path).second)
          continue;
        report.at(argument.value,
                  fmt::format("`{}` is loaded, but .dockerignore leaves it out", path),
                  fmt::format("keep it by a last line `!{}` in .dockerignore", path));
      }
      return true;
    });
  }
}

constexpr std::array kRules = {
    Rule{.id = "weights-lfs-pointer",
         .group = Group::weights,
         .severity = Severity::error,
         .summary = "a Git LFS pointer stands where the file itself should",
         .why = "A clone without Git LFS holds a note of some 130 bytes in place of each large "
                "file. The image builds, and the model fails at loading it.",
         .bad = "weights/model.pth: version https://git-lfs.github.com/spec/v1 …",
         .good = "git lfs pull",
         .find = find_pointers},
    Rule{.id = "weights-left-out",
         .group = Group::weights,
         .severity = Severity::error,
         .summary = "a file that the code loads is there, but .dockerignore leaves it out",
         .why = "It works on your machine and not in the image: the file is missing, or fetched "
                "anew at each start.",
         .bad = "# .dockerignore\nweights/\n# predict.py\ntorch.load(\"weights/model.pth\")",
         .good = "# .dockerignore\nweights/*\n!weights/model.pth",
         .find = find_left_out},
};

}  // namespace

std::span<const Rule> shipped_weights_rules() { return kRules; }

}  // namespace cogbuild::check
