#include <cogbuild/base/cuda_images.hpp>
#include <cogbuild/base/debian_base.hpp>
#include <cogbuild/base/selection.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace cogbuild::base {
namespace {

using frameworks::Cuda;

// The words of a command that CUDA's compiler or its headers are wanted.
constexpr std::array<std::string_view, 4> kCompilerWords = {"nvcc", "CUDA_HOME", "/usr/local/cuda",
                                                            "TORCH_CUDA_ARCH_LIST"};

std::string_view compiler_word(const std::vector<std::string>& commands) {
  for (const auto& command : commands)
    for (const auto word : kCompilerWords)
      if (command.find(word) != std::string::npos) return word;
  return {};
}

Result<void> check_flags(const SelectionRequest& request) {
  const bool asks_for_cog = request.use_cog_base_image.value_or(false);
  const bool asks_for_cuda = request.use_cuda_base_image == CudaBase::always;
  const auto exclude = [](std::string_view a, std::string_view b) {
    return fail(Error(ErrorKind::usage, fmt::format("{} and {} exclude each other", a, b))
                    .hint("give one of them"));
  };
  if (!request.base.empty() && asks_for_cog) return exclude("--base", "--use-cog-base-image");
  if (!request.base.empty() && asks_for_cuda) return exclude("--base", "--use-cuda-base-image");
  if (asks_for_cog && request.use_cuda_base_image != CudaBase::automatic)
    return exclude("--use-cog-base-image", "--use-cuda-base-image");
  return {};
}

Selection select_named(const SelectionRequest& request) {
  Selection selection{.reasons = {fmt::format("--base {} names it", request.base)}};
  if (auto suite = native_suite(request.base)) {
    selection.suite = *std::move(suite);
  } else {
    selection.kind = BaseKind::image;
    selection.reference = request.base;
  }
  return selection;
}

Result<Selection> select_cog_base(const SelectionRequest& request, const ImageExists& exists) {
  Selection selection{.kind = BaseKind::image, .reasons = {"--use-cog-base-image asks for it"}};
  std::optional<Cuda> cuda;
  if (request.gpu || !request.cuda.empty()) {
    TRY_ASSIGN(const auto choice,
               choose_cuda_as_cog(request.cuda, request.cudnn, request.requirements));
    cuda = choice.cuda;
    selection.reasons.push_back(choice.reason);
  }
  const auto* torch = find_requirement(request.requirements, "torch");
  const std::string wanted = torch == nullptr ? std::string() : torch->version;
  TRY_ASSIGN(const auto base, choose_cog_base(request.python_version, cuda, wanted));
  if (!wanted.empty() && base.torch.empty())
    selection.reasons.push_back(fmt::format("no base image of Cog's has torch {} for Python {}{}",
                                            wanted, base.python,
                                            cuda ? " and CUDA " + to_string(*cuda) : ""));
  if (request.python_version != base.python)
    selection.warnings.push_back(fmt::format(
        "base images of Cog's have some release of Python {}, `python_version` {} is not met "
        "exactly",
        base.python, request.python_version));
  selection.reference = cog_base_reference(base, request.cog_registry);
  TRY_ASSIGN(const bool is_there, exists(selection.reference));
  if (!is_there)
    return fail(
        Error(ErrorKind::not_found, fmt::format("there is no base image `{}`", selection.reference))
            .hint("leave out --use-cog-base-image to have a base composed"));
  return selection;
}

Result<Selection> select_cuda_as_cog(const SelectionRequest& request) {
  if (!request.gpu)
    return Selection{.reasons = {"`gpu` is false"},
                     .warnings = {"--use-cuda-base-image has no effect, as `gpu` is false"}};
  Selection selection{.kind = BaseKind::cuda_image,
                      .reasons = {"--use-cuda-base-image asks for it"}};
  TRY_ASSIGN(const auto choice,
             choose_cuda_as_cog(request.cuda, request.cudnn, request.requirements));
  TRY_ASSIGN(const auto image, find_cuda_image(choice.cuda, choice.cudnn_major));
  selection.reference = cuda_reference(image, CudaFlavour::devel);
  selection.reasons.push_back(choice.reason);
  return selection;
}

// The choice that Cog lacks: by what the lock's wheels bring.
class ByLock {
 public:
  explicit ByLock(const SelectionRequest& request)
      : request_(request), findings_(examine_gpu_libraries(request.distributions)) {}

  Result<Selection> select() {
    if (!request_.gpu) return native("`gpu` is false");
    for (const auto& finding : findings_) selection_.reasons.push_back(finding.sentence);
    find_compiling();
    const bool all_carried = has(CudaLibraries::carried) && !has(CudaLibraries::missing);
    if (request_.use_cuda_base_image == CudaBase::never) {
      warn_of_missing();
      return native("--use-cuda-base-image=false");
    }
    if (all_carried && compiling_.empty())
      return native(
          "no CUDA image is needed: every GPU framework finds its CUDA libraries in "
          "wheels");
    if (!has(CudaLibraries::carried) && !has(CudaLibraries::missing))
      selection_.reasons.emplace_back(
          "`gpu` is true, and no framework in the lock brings CUDA libraries");
    return cuda_image();
  }

 private:
  [[nodiscard]] bool has(CudaLibraries libraries) const {
    return std::ranges::find(findings_, libraries, &FrameworkFinding::libraries) != findings_.end();
  }

  void find_compiling() {
    const auto names = compiled_for_cuda(request_.distributions);
    if (!names.empty())
      compiling_ = fmt::format("{} {} built from source with CUDA's compiler",
                               fmt::join(names, ", "), names.size() == 1 ? "is" : "are");
    else if (const auto word = compiler_word(request_.run_commands); !word.empty())
      compiling_ = fmt::format("a `run` step speaks of {}", word);
    if (!compiling_.empty()) selection_.reasons.push_back(compiling_);
  }

  void warn_of_missing() {
    for (const auto& finding : findings_)
      if (finding.libraries == CudaLibraries::missing)
        selection_.warnings.push_back(
            fmt::format("{}, and the base has none either", finding.sentence));
  }

  Result<Selection> native(std::string reason) {
    selection_.reasons.push_back(std::move(reason));
    return std::move(selection_);
  }

  Result<Selection> cuda_image() {
    TRY_ASSIGN(const auto choice, choose_cuda());
    auto found = find_cuda_image(choice.cuda, choice.cudnn_major);
    if (!found && has(CudaLibraries::missing))
      return fail(std::move(found).error().hint(
          "or require wheels that bring their CUDA libraries, such as tensorflow[and-cuda]"));
    TRY_ASSIGN(const auto image, std::move(found));
    selection_.kind = BaseKind::cuda_image;
    selection_.reasons.push_back(choice.reason);
    const bool compiles = !compiling_.empty();
    selection_.reference =
        cuda_reference(image, compiles ? CudaFlavour::devel : CudaFlavour::runtime);
    selection_.reasons.emplace_back(
        compiles ? "the devel image has the compiler and the headers"
                 : "the runtime image will do: it leaves out the compiler, the headers and the "
                   "static libraries of the devel image that Cog takes");
    return std::move(selection_);
  }

  // The config's word, then TensorFlow's, whose builds want one release exactly, then the newest
  // that another framework wants, then torch's.
  Result<CudaChoice> choose_cuda() {
    if (!request_.cuda.empty())
      return choose_cuda_as_cog(request_.cuda, request_.cudnn, tensorflow_of_lock());
    const FrameworkFinding* decisive = nullptr;
    for (const auto& finding : findings_) {
      if (finding.libraries != CudaLibraries::missing) continue;
      if (!finding.cuda) {
        selection_.warnings.push_back(
            fmt::format("which CUDA {} {} is built for is not known; `cuda` in cog.yaml can say it",
                        finding.name, finding.version));
        continue;
      }
      if (decisive == nullptr || rank(finding) > rank(*decisive)) decisive = &finding;
    }
    TRY_ASSIGN(const auto cudnn_major, cudnn_major_of(request_.cudnn));
    if (decisive == nullptr) return choose_cuda_of_torch(cudnn_major);
    warn_of_others(*decisive);
    return CudaChoice{
        .cuda = *decisive->cuda,
        .cudnn_major = cudnn_major ? cudnn_major : decisive->cudnn_major,
        .reason = fmt::format("CUDA {} is what {} {} is for", to_string(*decisive->cuda),
                              decisive->name, decisive->version)};
  }

  static std::pair<bool, Cuda> rank(const FrameworkFinding& finding) {
    return {finding.name.starts_with("tensorflow"), *finding.cuda};
  }

  void warn_of_others(const FrameworkFinding& decisive) {
    for (const auto& finding : findings_)
      if (finding.libraries == CudaLibraries::missing && finding.cuda &&
          finding.cuda->major != decisive.cuda->major)
        selection_.warnings.push_back(fmt::format(
            "{} {} is for CUDA {}, but the image has CUDA {}, for {}", finding.name,
            finding.version, to_string(*finding.cuda), to_string(*decisive.cuda), decisive.name));
  }

  Result<CudaChoice> choose_cuda_of_torch(std::optional<unsigned> cudnn_major) {
    std::vector<FrameworkRequirement> torch;
    for (const auto& finding : findings_)
      if (finding.name == "torch" && finding.libraries != CudaLibraries::unused)
        torch.push_back({finding.name, finding.version});
    auto choice = choose_cuda_as_cog({}, request_.cudnn, torch);
    if (choice) return choice;
    return CudaChoice{.cuda = kDefaultCuda,
                      .cudnn_major = cudnn_major,
                      .reason = fmt::format("CUDA {} is Cog's default", to_string(kDefaultCuda))};
  }

  [[nodiscard]] std::vector<FrameworkRequirement> tensorflow_of_lock() const {
    std::vector<FrameworkRequirement> requirements;
    for (const auto& finding : findings_)
      if (finding.name == "tensorflow" && finding.libraries == CudaLibraries::missing)
        requirements.push_back({finding.name, finding.version});
    return requirements;
  }

  const SelectionRequest& request_;
  std::vector<FrameworkFinding> findings_;
  std::string compiling_{};  // what needs CUDA's compiler; empty: nothing
  Selection selection_{};
};

}  // namespace

Result<Selection> select_base(const SelectionRequest& request, const ImageExists& exists) {
  TRY(check_flags(request));
  if (!request.base.empty()) return select_named(request);
  if (request.use_cog_base_image.value_or(false)) return select_cog_base(request, exists);
  if (request.use_cuda_base_image == CudaBase::always) return select_cuda_as_cog(request);
  return ByLock(request).select();
}

std::vector<std::string> explain(const Selection& selection) {
  std::vector<std::string> lines;
  switch (selection.kind) {
    case BaseKind::native:
      lines.push_back(fmt::format("the base is composed from packages of Debian{}{}",
                                  selection.suite.empty() ? "" : " ", selection.suite));
      break;
    case BaseKind::image:
      lines.push_back(fmt::format("the base is the image `{}`", selection.reference));
      break;
    case BaseKind::cuda_image:
      lines.push_back(fmt::format("the base is the image `{}`, with a standalone Python on it",
                                  selection.reference));
      break;
  }
  lines.insert(lines.end(), selection.reasons.begin(), selection.reasons.end());
  return lines;
}

}  // namespace cogbuild::base
