#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/frameworks/framework_table.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Cog's own base images, and the CUDA that Cog chooses for a project.
namespace cogbuild::base {

// `<registry>/cog-base:[cudaX.Y-]pythonX.Y[-torchA.B.C]`
struct CogBase {
  std::optional<frameworks::Cuda> cuda{};
  std::string python{};  // `3.11`
  std::string torch{};   // `2.3.1`; empty: without torch
  friend bool operator==(const CogBase&, const CogBase&) = default;
};

inline constexpr std::string_view kCogRegistry = "r8.im";
std::string cog_base_reference(const CogBase& base, std::string_view registry = kCogRegistry);

// Every one that Cog publishes.
std::vector<CogBase> cog_bases();

// The one for a Python (a patch level counts for nothing), a CUDA if any, and a torch
// (`2.3`, `2.3.1+cu118`; empty: none): the newest release of torch that the text allows, without
// torch where none is published for this CUDA and Python. Error: config, saying what there is.
Result<CogBase> choose_cog_base(std::string_view python_version,
                                const std::optional<frameworks::Cuda>& cuda,
                                std::string_view torch);

// A requirement of the user that names a framework.
struct FrameworkRequirement {
  std::string name{};     // normalized
  std::string version{};  // of its first specifier, whatever the operator; empty: none
  friend bool operator==(const FrameworkRequirement&, const FrameworkRequirement&) = default;
};

const FrameworkRequirement* find_requirement(std::span<const FrameworkRequirement> requirements,
                                             std::string_view name);

struct CudaChoice {
  frameworks::Cuda cuda{};
  std::optional<unsigned> cudnn_major{};  // none: the one that the image has
  std::string reason{};
  friend bool operator==(const CudaChoice&, const CudaChoice&) = default;
};

// What Cog takes for a project with `gpu: true`: what cog.yaml says (empty: nothing), then
// TensorFlow, torch, 11.8. Errors: config (a framework without a version, or one that is not known,
// and no `cuda`; a `cudnn` that TensorFlow cannot use).
Result<CudaChoice> choose_cuda_as_cog(std::string_view cuda, std::string_view cudnn,
                                      std::span<const FrameworkRequirement> requirements);

// The major version of cog.yaml's `cudnn` (`8`, `9.1`). None: empty. Error: config.
Result<std::optional<unsigned>> cudnn_major_of(std::string_view cudnn);

inline constexpr frameworks::Cuda kDefaultCuda{11, 8};

}  // namespace cogbuild::base
