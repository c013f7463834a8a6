#include <cogbuild/base/gpu_libraries.hpp>
#include <cogbuild/frameworks/build_label.hpp>
#include <cogbuild/python/version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

namespace cogbuild::base {
namespace {

using frameworks::BuildLabel;
using frameworks::Cuda;
using python::Version;

// Wheels of NVIDIA's that hold CUDA's libraries; others of its names, such as nvidia-ml-py, do not.
constexpr std::array<std::string_view, 14> kLibraryWheels = {
    "nvidia-cublas",    "nvidia-cuda-",    "nvidia-cudnn",    "nvidia-cufft",  "nvidia-cufile",
    "nvidia-curand",    "nvidia-cusolver", "nvidia-cusparse", "nvidia-nccl",   "nvidia-npp",
    "nvidia-nvjitlink", "nvidia-nvshmem",  "nvidia-nvtx",     "nvidia-nvjpeg",
};

// Extensions that compile CUDA code when they are built from source.
constexpr std::array<std::string_view, 24> kCompiled = {
    "apex",       "auto-gptq",     "autoawq",          "bitsandbytes", "causal-conv1d",
    "cupy",       "deepspeed",     "detectron2",       "dlib",         "exllamav2",
    "flash-attn", "gsplat",        "llama-cpp-python", "mamba-ssm",    "mmcv",
    "mmcv-full",  "natten",        "nvdiffrast",       "pycuda",       "pytorch3d",
    "tinycudann", "torch-scatter", "torch-sparse",     "xformers",
};

bool is_library_wheel(std::string_view name) {
  return std::ranges::any_of(kLibraryWheels,
                             [&](std::string_view prefix) { return name.starts_with(prefix); });
}

using Names = std::set<std::string_view>;

bool any_starts_with(const Names& names, std::string_view prefix) {
  const auto found = names.lower_bound(prefix);
  return found != names.end() && found->starts_with(prefix);
}

class Examination {
 public:
  explicit Examination(std::span<const DistributionFacts> distributions)
      : distributions_(distributions) {
    for (const auto& distribution : distributions) {
      by_name_.emplace(distribution.name, &distribution);
      if (is_library_wheel(distribution.name)) libraries_.insert(distribution.name);
    }
  }

  std::vector<FrameworkFinding> findings() {
    for (const auto& distribution : distributions_) examine(distribution);
    std::ranges::sort(findings_, {}, &FrameworkFinding::name);
    return std::move(findings_);
  }

 private:
  void examine(const DistributionFacts& distribution) {
    const std::string_view name = distribution.name;
    if (name == "torch") return examine_torch(distribution);
    if (name == "tensorflow" || name == "tensorflow-gpu" || name == "tf-nightly")
      return examine_tensorflow(distribution);
    if (name == "jax") return examine_jax(distribution);
    if (name == "onnxruntime-gpu") return examine_onnxruntime(distribution);
    if (name == "ctranslate2") return examine_ctranslate2(distribution);
    if (name == "faiss-gpu") return holds_itself(distribution);
    if (name == "paddlepaddle-gpu" || name == "tensorrt" || name.starts_with("tensorrt-cu"))
      return examine_plain(distribution, std::nullopt);
    if (name.starts_with("cupy-cuda")) return examine_plain(distribution, cuda_of(name, 9));
    if (name.starts_with("mxnet-cu")) return examine_plain(distribution, cuda_of(name, 8));
  }

  void examine_torch(const DistributionFacts& torch) {
    const auto version = Version::parse(torch.version);
    const auto label = version ? BuildLabel::of(*version) : std::nullopt;
    if (label && label->kind != BuildLabel::Kind::cuda)
      return unused(torch, "is a build without CUDA");
    const Names own = libraries_below(torch);
    if (!own.empty()) return carried(torch, own);
    if (torch.is_wheel) return holds_itself(torch);
    missing(torch, label ? label->cuda : std::nullopt, std::nullopt, "is built from source");
  }

  void examine_tensorflow(const DistributionFacts& tensorflow) {
    const Names own = libraries_below(tensorflow);
    if (any_starts_with(own, "nvidia-cudnn")) return carried(tensorflow, own);
    const auto version = Version::parse(tensorflow.version);
    const auto* row = version ? frameworks::find_tensorflow(*version) : nullptr;
    missing(tensorflow, row != nullptr ? std::optional(row->cuda) : std::nullopt,
            row != nullptr ? std::optional(row->cudnn_major) : std::nullopt,
            "brings no CUDA libraries (tensorflow[and-cuda] does)");
  }

  void examine_jax(const DistributionFacts& jax) {
    const Names own = libraries_below(jax);
    if (any_starts_with(own, "nvidia-cudnn")) return carried(jax, own);
    const DistributionFacts* plugin = nullptr;
    for (const auto& distribution : distributions_)
      if (distribution.name.starts_with("jax-cuda") && distribution.name.ends_with("-plugin"))
        plugin = &distribution;
    if (plugin != nullptr) {
      const Names below = libraries_below(*plugin);
      if (any_starts_with(below, "nvidia-cudnn")) return carried(jax, below);
      return missing(jax, cuda_of(plugin->name, std::string_view("jax-cuda").size()), std::nullopt,
                     fmt::format("has {}, which brings no CUDA libraries", plugin->name));
    }
    const auto* library = find("jaxlib");
    const auto version =
        library != nullptr ? Version::parse(library->version) : Result<Version>(Version());
    const auto segments = version ? version->local() : std::vector<std::string>();
    if (segments.empty() || !segments.front().starts_with("cuda"))
      return unused(jax, "has no CUDA plugin");
    std::optional<unsigned> cudnn;
    if (segments.size() > 1 && segments[1].starts_with("cudnn8")) cudnn = 8;
    if (segments.size() > 1 && segments[1].starts_with("cudnn9")) cudnn = 9;
    missing(jax, newest_of(segments.front().substr(4), cudnn), cudnn,
            fmt::format("has jaxlib {}, which brings no CUDA libraries", library->version));
  }

  void examine_onnxruntime(const DistributionFacts& onnxruntime) {
    const auto version = Version::parse(onnxruntime.version);
    const bool is_new = version && (version->segment(0) > 1 ||
                                    (version->segment(0) == 1 && version->segment(1) >= 19));
    examine_user(onnxruntime, is_new ? Cuda{12, 4} : Cuda{11, 8}, is_new ? 9 : 8);
  }

  void examine_ctranslate2(const DistributionFacts& ctranslate2) {
    const auto version = Version::parse(ctranslate2.version);
    const auto major = version ? version->segment(0) : 0;
    const bool has_cudnn9 = major > 4 || (major == 4 && version->segment(1) >= 5);
    if (has_cudnn9) return examine_user(ctranslate2, Cuda{12, 4}, 9);
    examine_user(ctranslate2, major == 4 ? Cuda{12, 2} : Cuda{11, 8}, 8);
  }

  // A framework that names no wheels of NVIDIA's, but uses those that something else asks for.
  void examine_user(const DistributionFacts& user, const Cuda& cuda, unsigned cudnn_major) {
    if (any_starts_with(libraries_, "nvidia-cublas") && any_starts_with(libraries_, "nvidia-cudnn"))
      return add(user, CudaLibraries::carried,
                 "finds its CUDA libraries in the wheels of others (nvidia-cublas, nvidia-cudnn)");
    missing(user, cuda, cudnn_major, "brings no CUDA libraries");
  }

  void examine_plain(const DistributionFacts& distribution, std::optional<Cuda> cuda) {
    const Names own = libraries_below(distribution);
    if (!own.empty()) return carried(distribution, own);
    missing(distribution, cuda, std::nullopt, "brings no CUDA libraries");
  }

  void carried(const DistributionFacts& distribution, const Names& wheels) {
    add(distribution, CudaLibraries::carried,
        wheels.size() == 1
            ? fmt::format("brings its CUDA libraries as a wheel ({})", *wheels.begin())
            : fmt::format("brings its CUDA libraries as wheels ({} and {} more)", *wheels.begin(),
                          wheels.size() - 1));
  }
  void holds_itself(const DistributionFacts& distribution) {
    add(distribution, CudaLibraries::carried, "holds its CUDA libraries itself");
  }
  void unused(const DistributionFacts& distribution, std::string_view why) {
    add(distribution, CudaLibraries::unused, why);
  }
  void missing(const DistributionFacts& distribution, std::optional<Cuda> cuda,
               std::optional<unsigned> cudnn_major, std::string_view why) {
    add(distribution, CudaLibraries::missing, why);
    findings_.back().cuda = cuda;
    findings_.back().cudnn_major = cudnn_major;
  }
  void add(const DistributionFacts& distribution, CudaLibraries libraries, std::string_view why) {
    findings_.push_back(
        {.name = distribution.name,
         .version = distribution.version,
         .libraries = libraries,
         .sentence = fmt::format("{} {} {}", distribution.name, distribution.version, why)});
  }

  [[nodiscard]] const DistributionFacts* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

  // The library wheels that a distribution brings with it, itself or by what it requires.
  [[nodiscard]] Names libraries_below(const DistributionFacts& distribution) const {
    Names libraries;
    std::set<const DistributionFacts*> seen = {&distribution};
    std::vector<const DistributionFacts*> queue = {&distribution};
    while (!queue.empty()) {
      const auto* next = queue.back();
      queue.pop_back();
      if (is_library_wheel(next->name)) libraries.insert(next->name);
      for (const auto& name : next->requires_names)
        if (const auto* required = find(name); required != nullptr && seen.insert(required).second)
          queue.push_back(required);
    }
    return libraries;
  }

  // The newest release of what a name says of CUDA behind `prefix_size` letters: `12x`, `118`,
  // `12`.
  static std::optional<Cuda> cuda_of(std::string_view name, std::size_t prefix_size) {
    const std::string_view digits = name.substr(std::min(prefix_size, name.size()));
    if (digits.starts_with("11") && digits.size() > 2 && digits[2] >= '0' && digits[2] <= '9')
      return Cuda{11, static_cast<unsigned>(digits[2] - '0')};
    return newest_of(digits, std::nullopt);
  }
  static std::optional<Cuda> newest_of(std::string_view digits, std::optional<unsigned> cudnn) {
    if (digits.starts_with("11")) return Cuda{11, 8};
    if (digits.starts_with("12")) return cudnn == 8U ? Cuda{12, 2} : Cuda{12, 9};
    if (digits.starts_with("13")) return Cuda{13, 0};
    return std::nullopt;
  }

  std::span<const DistributionFacts> distributions_;
  std::map<std::string_view, const DistributionFacts*> by_name_{};
  Names libraries_{};
  std::vector<FrameworkFinding> findings_{};
};

}  // namespace

std::vector<FrameworkFinding> examine_gpu_libraries(
    std::span<const DistributionFacts> distributions) {
  return Examination(distributions).findings();
}

std::vector<std::string> compiled_for_cuda(std::span<const DistributionFacts> distributions) {
  std::vector<std::string> names;
  for (const auto& distribution : distributions)
    if (!distribution.is_wheel &&
        std::ranges::find(kCompiled, distribution.name) != kCompiled.end())
      names.push_back(distribution.name);
  std::ranges::sort(names);
  return names;
}

}  // namespace cogbuild::base
