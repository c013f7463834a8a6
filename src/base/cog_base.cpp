#include "python_release.hpp"

#include <cogbuild/base/cog_base.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace cogbuild::base {
namespace {

using frameworks::Cuda;
using frameworks::TorchRow;

constexpr unsigned kFirstPythonMinor = 10;

std::vector<Cuda> builds_of(const TorchRow& row) {
  std::vector<Cuda> builds(row.builds.begin(), row.builds.end());
  if (row.plain) builds.push_back(*row.plain);
  return builds;
}

std::set<Cuda> all_cudas() {
  std::set<Cuda> cudas;
  for (const TorchRow& row : frameworks::torch_rows())
    for (const Cuda& cuda : builds_of(row)) cudas.insert(cuda);
  return cudas;
}

std::vector<std::string> all_pythons() {
  unsigned last = kFirstPythonMinor;
  for (const TorchRow& row : frameworks::torch_rows()) last = std::max(last, row.last_python_minor);
  std::vector<std::string> pythons;
  for (unsigned minor = kFirstPythonMinor; minor <= last; ++minor)
    pythons.push_back(fmt::format("3.{}", minor));
  return pythons;
}

std::string_view without_label(std::string_view version) {
  return version.substr(0, version.find('+'));
}

// `2.3` allows 2.3.0 and 2.3.1, `2.3.1` itself alone.
bool allows(std::string_view wanted, std::string_view version) {
  wanted = without_label(wanted);
  if (!version.starts_with(wanted)) return false;
  return version.size() == wanted.size() || version[wanted.size()] == '.';
}

bool is_built_for(const TorchRow& row, const std::optional<Cuda>& cuda) {
  if (!cuda) return true;  // every release has a CPU build
  const auto builds = builds_of(row);
  return std::ranges::find(builds, *cuda) != builds.end();
}

std::string find_torch(std::string_view wanted, const std::optional<Cuda>& cuda,
                       const PythonRelease& python) {
  std::string found;
  if (without_label(wanted).empty()) return found;
  for (const TorchRow& row : frameworks::torch_rows())
    if (allows(wanted, row.torch) && is_built_for(row, cuda) &&
        python.minor <= row.last_python_minor)
      found = row.torch;
  return found;
}

// The newest release that the text allows; null: none is known.
const TorchRow* find_row(std::string_view wanted, std::string_view TorchRow::*column) {
  const TorchRow* found = nullptr;
  for (const TorchRow& row : frameworks::torch_rows())
    if (!wanted.empty() && allows(wanted, row.*column)) found = &row;
  return found;
}

Error unknown_cuda(const FrameworkRequirement& requirement) {
  if (requirement.version.empty())
    return Error(
               ErrorKind::config,
               fmt::format("`{}` has no version, so that its CUDA is not known", requirement.name))
        .hint(fmt::format("pin it, such as `{}==2.6.0`, or set `cuda` in cog.yaml",
                          requirement.name));
  return Error(ErrorKind::config, fmt::format("which CUDA `{}` {} is built for is not known",
                                              requirement.name, requirement.version))
      .hint("set `cuda` in cog.yaml");
}

Result<Cuda> cuda_of_torch(const FrameworkRequirement& requirement) {
  const TorchRow* const row = find_row(requirement.version, &TorchRow::torch);
  if (row == nullptr) return fail(unknown_cuda(requirement));
  const auto builds = builds_of(*row);
  const auto plus = requirement.version.find("+cu");
  if (plus != std::string::npos) {
    const std::string label = requirement.version.substr(plus + 1);
    const auto named =
        std::ranges::find_if(builds, [&](const Cuda& cuda) { return build_tag(cuda) == label; });
    if (named != builds.end()) return *named;
  }
  return *std::ranges::max_element(builds);
}

Result<CudaChoice> choose_by_framework(std::span<const FrameworkRequirement> requirements) {
  if (const auto* torch = find_requirement(requirements, "torch")) {
    TRY_ASSIGN(const Cuda cuda, cuda_of_torch(*torch));
    return CudaChoice{.cuda = cuda,
                      .reason = fmt::format("CUDA {} is what torch {} is built for",
                                            to_string(cuda), torch->version)};
  }
  return CudaChoice{.cuda = kDefaultCuda,
                    .reason = fmt::format("CUDA {} is Cog's default", to_string(kDefaultCuda))};
}

}  // namespace

std::string cog_base_reference(const CogBase& base, std::string_view registry) {
  std::vector<std::string> parts;
  if (base.cuda) parts.push_back("cuda" + to_string(*base.cuda));
  if (!base.python.empty()) parts.push_back("python" + base.python);
  if (!base.torch.empty()) parts.push_back("torch" + base.torch);
  if (parts.empty()) parts.emplace_back("latest");
  return fmt::format("{}/cog-base:{}", registry, fmt::join(parts, "-"));
}

std::vector<CogBase> cog_bases() {
  std::vector<CogBase> bases;
  for (const auto& python : all_pythons()) {
    bases.push_back({.python = python});
    for (const Cuda& cuda : all_cudas()) bases.push_back({.cuda = cuda, .python = python});
  }
  for (const TorchRow& row : frameworks::torch_rows())
    for (unsigned minor = kFirstPythonMinor; minor <= row.last_python_minor; ++minor) {
      const CogBase plain{.python = fmt::format("3.{}", minor), .torch = std::string(row.torch)};
      bases.push_back(plain);
      for (const Cuda& cuda : builds_of(row)) {
        bases.push_back(plain);
        bases.back().cuda = cuda;
      }
    }
  return bases;
}

Result<CogBase> choose_cog_base(std::string_view python_version, const std::optional<Cuda>& cuda,
                                std::string_view torch) {
  const auto release = PythonRelease::parse(python_version);
  if (!release)
    return fail(Error(ErrorKind::config, "a base image of Cog's needs a version of Python")
                    .hint("set `python_version` in cog.yaml"));
  const std::string series = release->series();
  const auto pythons = all_pythons();
  if (std::ranges::find(pythons, series) == pythons.end())
    return fail(Error(ErrorKind::config,
                      fmt::format("there is no base image of Cog's with Python {}", series))
                    .hint(fmt::format("there are {}", fmt::join(pythons, ", "))));
  const auto cudas = all_cudas();
  if (cuda && !cudas.contains(*cuda)) {
    std::vector<std::string> known;
    for (const Cuda& other : cudas) known.push_back(to_string(other));
    return fail(Error(ErrorKind::config,
                      fmt::format("there is no base image of Cog's with CUDA {}", to_string(*cuda)))
                    .hint(fmt::format("there are {}", fmt::join(known, ", "))));
  }
  return CogBase{.cuda = cuda, .python = series, .torch = find_torch(torch, cuda, *release)};
}

const FrameworkRequirement* find_requirement(std::span<const FrameworkRequirement> requirements,
                                             std::string_view name) {
  const auto found = std::ranges::find(requirements, name, &FrameworkRequirement::name);
  return found == requirements.end() ? nullptr : &*found;
}

Result<std::optional<unsigned>> cudnn_major_of(std::string_view cudnn) {
  if (cudnn.empty()) return std::optional<unsigned>();
  unsigned major = 0;
  const char* const end = cudnn.data() + cudnn.size();
  const auto [after, problem] = std::from_chars(cudnn.data(), end, major);
  if (problem != std::errc() || (after != end && *after != '.'))
    return fail(Error(ErrorKind::config, fmt::format("`cudnn` {} is no version", cudnn))
                    .hint("write its major version: `cudnn: \"9\"`"));
  return std::optional(major);
}

Result<CudaChoice> choose_cuda_as_cog(std::string_view cuda, std::string_view cudnn,
                                      std::span<const FrameworkRequirement> requirements) {
  TRY_ASSIGN(const auto cudnn_major, cudnn_major_of(cudnn));
  const auto named = Cuda::parse(cuda);
  if (!cuda.empty() && !named)
    return fail(Error(ErrorKind::config, fmt::format("`cuda` {} is no version", cuda))
                    .hint("write it as `cuda: \"12.4\"`"));
  const auto* tensorflow = find_requirement(requirements, "tensorflow");
  const frameworks::TensorflowRow* row = nullptr;
  if (tensorflow != nullptr) {
    const auto version = python::Version::parse(tensorflow->version);
    if (version) row = frameworks::find_tensorflow(*version);
    if (row == nullptr && !named) return fail(unknown_cuda(*tensorflow));
  }
  if (row != nullptr && cudnn_major && *cudnn_major != row->cudnn_major)
    return fail(
        Error(ErrorKind::config, fmt::format("tensorflow {} needs cuDNN {}, but `cudnn` is {}",
                                             row->version, row->cudnn_major, cudnn))
            .hint("remove `cudnn`"));
  if (named)
    return CudaChoice{.cuda = *named,
                      .cudnn_major = row != nullptr ? std::optional(row->cudnn_major) : cudnn_major,
                      .reason = fmt::format("CUDA {} is what `cuda` says", to_string(*named))};
  if (row != nullptr)
    return CudaChoice{.cuda = row->cuda,
                      .cudnn_major = row->cudnn_major,
                      .reason = fmt::format("CUDA {} is what tensorflow {} is built for",
                                            to_string(row->cuda), row->version)};
  TRY_ASSIGN(auto choice, choose_by_framework(requirements));
  choice.cudnn_major = cudnn_major;
  return choice;
}

}  // namespace cogbuild::base
