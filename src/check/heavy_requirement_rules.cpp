#include "listed_requirements.hpp"
#include "live_code.hpp"
#include "pip_install.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/imports.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

using syntax::Node;

// What of a heavy module something lighter does as well: full names; one that ends in a dot stands
// for all below it.
constexpr auto kTensorflow = std::to_array<std::string_view>(
    {"tensorflow.__version__", "tensorflow.convert_to_tensor", "tensorflow.cast",
     "tensorflow.float32", "tensorflow.get_logger", "tensorflow.image.", "tensorflow.io.",
     "tensorflow.keras.preprocessing.", "tensorflow.keras.utils.", "tensorflow.logging.",
     "tensorflow.compat.v1.logging.", "tensorflow.config.list_physical_devices",
     "tensorflow.config.experimental.", "tensorflow.test.is_gpu_available", "tensorflow.uint8",
     "tensorflow.expand_dims", "tensorflow.squeeze", "tensorflow.random.set_seed"});
constexpr auto kPandas = std::to_array<std::string_view>({"pandas.read_csv"});
constexpr auto kMatplotlib = std::to_array<std::string_view>(
    {"matplotlib.use", "matplotlib.cm.", "matplotlib.colormaps", "matplotlib.colormaps.",
     "matplotlib.colors.", "matplotlib.pyplot.get_cmap", "matplotlib.pyplot.cm.",
     "matplotlib.pyplot.switch_backend"});
constexpr auto kTorch = std::to_array<std::string_view>(
    {"torch.__version__", "torch.cuda.is_available", "torch.cuda.device_count",
     "torch.cuda.empty_cache", "torch.cuda.get_device_name", "torch.hub.download_url_to_file",
     "torch.manual_seed"});

struct Heavy {
  std::string_view distribution{};
  std::string_view module{};
  std::span<const std::string_view> light_uses{};
  std::string_view instead{};
};
constexpr std::string_view kInsteadOfTensorflow = "Pillow, NumPy and Python's own files do it";
constexpr std::array kHeavy = {
    Heavy{"tensorflow", "tensorflow", kTensorflow, kInsteadOfTensorflow},
    Heavy{"tensorflow-cpu", "tensorflow", kTensorflow, kInsteadOfTensorflow},
    Heavy{"tensorflow-gpu", "tensorflow", kTensorflow, kInsteadOfTensorflow},
    Heavy{"tf-nightly", "tensorflow", kTensorflow, kInsteadOfTensorflow},
    Heavy{"pandas", "pandas", kPandas, "Python's `csv` module reads it, or `numpy.genfromtxt`"},
    Heavy{"matplotlib", "matplotlib", kMatplotlib,
          "keep the colours as a NumPy array of 256 rows, or use `cv2.applyColorMap`"},
    Heavy{"torch", "torch", kTorch,
          "the library that computes knows its devices; `urllib.request` downloads"},
};

// Distributions that need none of the heavy ones and do not look for them at run time. Where
// another one is listed, nobody knows.
bool needs_nothing_heavy(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>({"aiohttp",
                                                           "anthropic",
                                                           "av",
                                                           "beautifulsoup4",
                                                           "boto3",
                                                           "certifi",
                                                           "click",
                                                           "cog",
                                                           "colorama",
                                                           "cython",
                                                           "einops",
                                                           "ffmpeg-python",
                                                           "filelock",
                                                           "ftfy",
                                                           "gdown",
                                                           "google-cloud-storage",
                                                           "hf-transfer",
                                                           "httpx",
                                                           "huggingface-hub",
                                                           "imageio",
                                                           "imageio-ffmpeg",
                                                           "jinja2",
                                                           "joblib",
                                                           "llama-cpp-python",
                                                           "loguru",
                                                           "lxml",
                                                           "moviepy",
                                                           "natsort",
                                                           "networkx",
                                                           "ninja",
                                                           "numba",
                                                           "numpy",
                                                           "omegaconf",
                                                           "onnx",
                                                           "onnxruntime",
                                                           "openai",
                                                           "opencv-contrib-python",
                                                           "opencv-contrib-python-headless",
                                                           "opencv-python",
                                                           "opencv-python-headless",
                                                           "packaging",
                                                           "pillow",
                                                           "protobuf",
                                                           "psutil",
                                                           "pydantic",
                                                           "pydub",
                                                           "python-dotenv",
                                                           "pyyaml",
                                                           "regex",
                                                           "replicate",
                                                           "requests",
                                                           "rich",
                                                           "safetensors",
                                                           "scikit-image",
                                                           "scikit-learn",
                                                           "scipy",
                                                           "sentencepiece",
                                                           "setuptools",
                                                           "six",
                                                           "soundfile",
                                                           "tiktoken",
                                                           "tokenizers",
                                                           "tqdm",
                                                           "typing-extensions",
                                                           "websockets",
                                                           "wheel",
                                                           "yt-dlp"});
  return std::ranges::binary_search(kNames, name);
}

// Those of PyTorch, which need nothing heavy but it.
bool is_of_torch(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"accelerate", "diffusers", "kornia", "onnxruntime-gpu", "peft", "timm", "torchaudio",
       "torchvision", "transformers", "triton", "xformers"});
  return std::ranges::binary_search(kNames, name);
}

bool may_need(const ListedRequirement& other, const Heavy& heavy) {
  const auto& name = other.name();
  if (needs_nothing_heavy(name)) return false;
  if (std::ranges::find(kHeavy, name, &Heavy::distribution) != kHeavy.end()) return false;
  // Transformers loads models of TensorFlow where that is installed.
  return heavy.module == "torch" || !is_of_torch(name) ||
         (name == "transformers" && heavy.module == "tensorflow");
}

bool is_light(const Heavy& heavy, std::string_view use) {
  return std::ranges::any_of(heavy.light_uses, [use](std::string_view known) {
    return known.ends_with('.') ? use.starts_with(known) : use == known;
  });
}

// Names that import statements bind are none of them.
bool is_a_use(const Node& node) {
  const Node parent = node.parent();
  if (parent.is("attribute") && parent.field("attribute") == node) return false;
  return !parent.is("keyword_argument") || !(parent.field("name") == node);
}

// The full names of what the file uses of the module. Nothing where that cannot be told: the module
// itself is handed on, or all of its names are imported.
std::optional<std::set<std::string>> uses_of(const PythonFile& file, const Heavy& heavy) {
  std::set<std::string> out;
  if (file.module() == nullptr) return std::nullopt;
  const auto is_below = [&](std::string_view name) {
    return name.starts_with(heavy.module) &&
           (name.size() == heavy.module.size() || name[heavy.module.size()] == '.');
  };
  for (const auto& one : syntax::imports(*file.module()))
    if (is_below(one.module) && one.original == "*") return std::nullopt;
  syntax::walk(file.module()->root(), [&](const Node& node) {
    if (node.is("import_statement") || node.is("import_from_statement")) return false;
    if (!node.is("identifier") && !node.is("attribute")) return true;
    if (!is_a_use(node)) return false;
    auto name = file.names().resolve(node);
    if (name.empty()) return true;
    if (is_below(name)) out.insert(std::move(name));
    return false;
  });
  return out;
}

// All that the model can come to import, each use in it a light one.
std::optional<std::set<std::string>> light_uses(const Subject& subject, const Heavy& heavy) {
  const auto near = live_code(subject).near_files();
  std::set<std::string> out;
  for (const PythonFile* file : live_code(subject).files()) {
    if (!file->mentions({heavy.module})) continue;
    const auto imported = syntax::imported_packages(file->text());
    if (!std::ranges::binary_search(imported, heavy.module)) continue;
    if (std::ranges::find(near, file) == near.end()) return std::nullopt;
    auto uses = uses_of(*file, heavy);
    if (!uses) return std::nullopt;
    for (const auto& use : *uses)
      if (!is_light(heavy, use)) return std::nullopt;
    out.merge(*uses);
  }
  if (out.empty()) return std::nullopt;
  return out;
}

// Code that is not here to be read may use more.
bool has_unseen_code(const Subject& subject) {
  if (!subject.config || subject.tree->stat(".gitmodules")) return true;
  if (!words_of_late_installs(subject).empty()) return true;
  if (std::ranges::any_of(subject.requirements->requirements, [](const auto& line) {
        return line.requirement.name.empty() || line.editable;
      }))
    return true;
  return std::ranges::any_of(subject.config->run_steps, [](const auto& step) {
    return step->command.find("git clone") != std::string::npos ||
           step->command.find("setup.py") != std::string::npos;
  });
}

void find_heavy(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.requirements || !subject.listing) return;
  const auto listed = listed_requirements(subject);
  RuleReporter report(findings);
  for (const auto& one : listed) {
    const auto heavy = std::ranges::find(kHeavy, one.name(), &Heavy::distribution);
    if (heavy == kHeavy.end() || has_unseen_code(subject) ||
        std::ranges::any_of(listed, [&](const auto& other) { return may_need(other, *heavy); }))
      continue;
    const auto uses = light_uses(subject, *heavy);
    if (!uses) continue;
    constexpr std::size_t kMostNamed = 3;
    std::vector<std::string> named;
    for (const auto& use : *uses)
      if (named.size() < kMostNamed) named.push_back(fmt::format("`{}`", use));
    report.at(location_of(one),
              fmt::format("of `{}` the code uses nothing but {}{}", one.written,
                          fmt::join(named, ", "), uses->size() > kMostNamed ? ", …" : ""),
              fmt::format("do without it: {}", heavy->instead));
  }
}

constexpr std::array kRules = {
    Rule{.id = "dependency-heavy",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .summary = "a large package of which the code uses one small thing",
         .why = "TensorFlow is more than a gigabyte, and importing it takes seconds at each start. "
                "For a picture resized, a table of colours or a question for a GPU there is "
                "something lighter. Said only where no other requirement can need the package.",
         .bad = "python_packages:\n  - onnxruntime==1.19.2\n  - tensorflow==2.17.0\n"
                "# predict.py\nimage = tf.image.resize(image, (512, 512))",
         .good = "python_packages:\n  - onnxruntime==1.19.2\n  - pillow==10.4.0\n"
                 "# predict.py\nimage = image.resize((512, 512))",
         .find = find_heavy},
};

}  // namespace

std::span<const Rule> heavy_requirement_rules() { return kRules; }

}  // namespace cogbuild::check
