#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/frameworks/framework_table.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>

// NVIDIA's CUDA images with cuDNN: of every CUDA release the newest.
namespace cogbuild::base {

struct CudaImage {
  frameworks::Cuda cuda{};
  std::string_view version{};  // `12.4.1`
  unsigned cudnn_major = 0;
  std::string_view cudnn{};   // as the tag spells it: `cudnn8`, `cudnn`
  std::string_view ubuntu{};  // `22.04`
};

// Ascending by CUDA.
std::span<const CudaImage> cuda_images();

// The image of a CUDA release, with a cuDNN if one is asked for; a patch level counts for nothing.
// Error: config, saying what there is.
Result<CudaImage> find_cuda_image(const frameworks::Cuda& cuda,
                                  std::optional<unsigned> cudnn_major);

// `runtime` has the libraries alone; `devel` the compiler, headers and static libraries too.
enum class CudaFlavour { runtime, devel };

// `nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04`
std::string cuda_reference(const CudaImage& image, CudaFlavour flavour);

}  // namespace cogbuild::base
