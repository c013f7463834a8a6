#include <cogbuild/base/cuda_images.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <vector>

namespace cogbuild::base {
namespace {

using frameworks::Cuda;

constexpr std::array kImages = {
    CudaImage{{11, 0}, "11.0.3", 8, "cudnn8", "20.04"},
    CudaImage{{11, 1}, "11.1.1", 8, "cudnn8", "20.04"},
    CudaImage{{11, 2}, "11.2.2", 8, "cudnn8", "20.04"},
    CudaImage{{11, 3}, "11.3.1", 8, "cudnn8", "20.04"},
    CudaImage{{11, 4}, "11.4.3", 8, "cudnn8", "20.04"},
    CudaImage{{11, 5}, "11.5.2", 8, "cudnn8", "20.04"},
    CudaImage{{11, 6}, "11.6.2", 8, "cudnn8", "20.04"},
    CudaImage{{11, 7}, "11.7.1", 8, "cudnn8", "22.04"},
    CudaImage{{11, 8}, "11.8.0", 8, "cudnn8", "22.04"},
    CudaImage{{12, 0}, "12.0.1", 8, "cudnn8", "22.04"},
    CudaImage{{12, 1}, "12.1.1", 8, "cudnn8", "22.04"},
    CudaImage{{12, 2}, "12.2.2", 8, "cudnn8", "22.04"},
    CudaImage{{12, 3}, "12.3.2", 9, "cudnn9", "22.04"},
    CudaImage{{12, 4}, "12.4.1", 9, "cudnn", "22.04"},
    CudaImage{{12, 5}, "12.5.1", 9, "cudnn", "22.04"},
    CudaImage{{12, 6}, "12.6.3", 9, "cudnn", "24.04"},
    CudaImage{{12, 8}, "12.8.1", 9, "cudnn", "24.04"},
    CudaImage{{12, 9}, "12.9.1", 9, "cudnn", "24.04"},
    CudaImage{{13, 0}, "13.0.3", 9, "cudnn", "24.04"},
    CudaImage{{13, 1}, "13.1.2", 9, "cudnn", "24.04"},
    CudaImage{{13, 2}, "13.2.1", 9, "cudnn", "24.04"},
};

}  // namespace

std::span<const CudaImage> cuda_images() { return kImages; }

Result<CudaImage> find_cuda_image(const Cuda& cuda, std::optional<unsigned> cudnn_major) {
  const auto image = std::ranges::find(kImages, cuda, &CudaImage::cuda);
  if (image == kImages.end()) {
    std::vector<std::string> known;
    for (const CudaImage& other : kImages) known.push_back(to_string(other.cuda));
    return fail(
        Error(ErrorKind::config, fmt::format("there is no CUDA image of CUDA {}", to_string(cuda)))
            .hint(fmt::format("set `cuda` to one of {}", fmt::join(known, ", "))));
  }
  if (cudnn_major && *cudnn_major != image->cudnn_major)
    return fail(
        Error(ErrorKind::config, fmt::format("the image of CUDA {} has cuDNN {}, not {}",
                                             to_string(cuda), image->cudnn_major, *cudnn_major))
            .hint(fmt::format("cuDNN 8 comes with CUDA 11.0 to 12.2, cuDNN 9 with CUDA "
                              "12.3 and newer")));
  return *image;
}

std::string cuda_reference(const CudaImage& image, CudaFlavour flavour) {
  return fmt::format("nvidia/cuda:{}-{}-{}-ubuntu{}", image.version, image.cudnn,
                     flavour == CudaFlavour::devel ? "devel" : "runtime", image.ubuntu);
}

}  // namespace cogbuild::base
