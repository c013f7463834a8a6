#pragma once

#include <cogbuild/base/cog_base.hpp>
#include <cogbuild/base/gpu_libraries.hpp>
#include <cogbuild/error/result.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

// What an image stands on.
namespace cogbuild::base {

enum class CudaBase { automatic, always, never };

struct SelectionRequest {
  // cog.yaml; empty: not said.
  bool gpu = false;
  std::string cuda{};
  std::string cudnn{};
  std::string python_version{};
  std::vector<FrameworkRequirement> requirements{};  // what Cog looks at
  std::vector<DistributionFacts> distributions{};    // of the lock: what the default looks at
  std::vector<std::string> run_commands{};
  // The command line.
  std::string base{};  // --base; empty: not said
  std::optional<bool> use_cog_base_image{};
  CudaBase use_cuda_base_image = CudaBase::automatic;
  std::string cog_registry{kCogRegistry};  // COG_REGISTRY_HOST
};

enum class BaseKind {
  native,      // composed here from Debian's packages
  image,       // an image that has a Python
  cuda_image,  // NVIDIA's image, without Python: a standalone build goes on it
};

struct Selection {
  BaseKind kind = BaseKind::native;
  std::string suite{};                  // of a native one: codename; empty: by the Python
  std::string reference{};              // of an image
  std::vector<std::string> reasons{};   // one line each
  std::vector<std::string> warnings{};  // one line each
  friend bool operator==(const Selection&, const Selection&) = default;
};

// Whether a registry has an image.
using ImageExists = std::function<Result<bool>(const std::string& reference)>;

// --base is the user's word. `--use-cog-base-image` and `--use-cuda-base-image=true` choose as Cog
// does. Otherwise a native base, unless `gpu` is true and a framework of the lock, or something
// that is to be compiled, needs a CUDA image: then NVIDIA's, with the libraries alone where nothing
// is compiled. Errors: usage (flags that exclude each other); config (versions that no image has);
// not_found (the registry lacks the base image of Cog's); those of `exists`.
Result<Selection> select_base(const SelectionRequest& request, const ImageExists& exists);

// What was chosen and why, in lines for people.
std::vector<std::string> explain(const Selection& selection);

}  // namespace cogbuild::base
