#pragma once

#include <cogbuild/frameworks/framework_table.hpp>

#include <optional>
#include <span>
#include <string>
#include <vector>

// Where the GPU frameworks of a lock find CUDA's libraries.
namespace cogbuild::base {

// What choosing a base asks about one distribution of a lock.
struct DistributionFacts {
  std::string name{};  // normalized
  std::string version{};
  bool is_wheel = true;                       // else it is built from source
  std::vector<std::string> requires_names{};  // normalized
  friend bool operator==(const DistributionFacts&, const DistributionFacts&) = default;
};

enum class CudaLibraries {
  unused,   // a build for CPUs, or for another accelerator that it brings itself
  carried,  // in wheels of the lock
  missing,  // the image must have them
};

struct FrameworkFinding {
  std::string name{};
  std::string version{};
  CudaLibraries libraries = CudaLibraries::unused;
  std::optional<frameworks::Cuda> cuda{};  // of `missing`: what it is built for, if known
  std::optional<unsigned> cudnn_major{};
  std::string sentence{};  // for people: `torch 2.4.0 brings its CUDA libraries as wheels: …`
  friend bool operator==(const FrameworkFinding&, const FrameworkFinding&) = default;
};

// Every framework that can use CUDA, sorted by name.
std::vector<FrameworkFinding> examine_gpu_libraries(
    std::span<const DistributionFacts> distributions);

// Names of the distributions that are to be built from source with CUDA's compiler, sorted.
std::vector<std::string> compiled_for_cuda(std::span<const DistributionFacts> distributions);

}  // namespace cogbuild::base
