#include <cogbuild/base/cuda_images.hpp>

#include <doctest/doctest.h>

#include <algorithm>

using namespace cogbuild;
using base::CudaFlavour;
using base::find_cuda_image;
using frameworks::Cuda;

TEST_CASE("find_cuda_image: the tags that Cog takes") {
  struct Row {
    Cuda cuda{};
    std::string tag{};
  };
  const std::vector<Row> rows = {
      {{11, 0}, "11.0.3-cudnn8-devel-ubuntu20.04"}, {{11, 1}, "11.1.1-cudnn8-devel-ubuntu20.04"},
      {{11, 2}, "11.2.2-cudnn8-devel-ubuntu20.04"}, {{11, 3}, "11.3.1-cudnn8-devel-ubuntu20.04"},
      {{11, 4}, "11.4.3-cudnn8-devel-ubuntu20.04"}, {{11, 5}, "11.5.2-cudnn8-devel-ubuntu20.04"},
      {{11, 6}, "11.6.2-cudnn8-devel-ubuntu20.04"}, {{11, 7}, "11.7.1-cudnn8-devel-ubuntu22.04"},
      {{11, 8}, "11.8.0-cudnn8-devel-ubuntu22.04"}, {{12, 0}, "12.0.1-cudnn8-devel-ubuntu22.04"},
      {{12, 1}, "12.1.1-cudnn8-devel-ubuntu22.04"}, {{12, 2}, "12.2.2-cudnn8-devel-ubuntu22.04"},
      {{12, 3}, "12.3.2-cudnn9-devel-ubuntu22.04"}, {{12, 4}, "12.4.1-cudnn-devel-ubuntu22.04"},
      {{12, 5}, "12.5.1-cudnn-devel-ubuntu22.04"},  {{12, 6}, "12.6.3-cudnn-devel-ubuntu24.04"},
      {{12, 8}, "12.8.1-cudnn-devel-ubuntu24.04"},  {{12, 9}, "12.9.1-cudnn-devel-ubuntu24.04"},
      {{13, 0}, "13.0.3-cudnn-devel-ubuntu24.04"},  {{13, 1}, "13.1.2-cudnn-devel-ubuntu24.04"},
      {{13, 2}, "13.2.1-cudnn-devel-ubuntu24.04"},
  };
  CHECK(base::cuda_images().size() == rows.size());
  for (const auto& row : rows) {
    CAPTURE(row.tag);
    const auto image = find_cuda_image(row.cuda, std::nullopt);
    REQUIRE(image);
    CHECK(cuda_reference(*image, CudaFlavour::devel) == "nvidia/cuda:" + row.tag);
    CHECK(image->cudnn_major == (row.cuda < Cuda{12, 3} ? 8 : 9));
  }
}

TEST_CASE("cuda_reference: the runtime image has the same tag but for one word") {
  const auto image = find_cuda_image({12, 4}, 9);
  REQUIRE(image);
  CHECK(cuda_reference(*image, CudaFlavour::runtime) ==
        "nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04");
}

TEST_CASE("find_cuda_image: what NVIDIA does not publish") {
  auto failed = find_cuda_image({12, 7}, std::nullopt);
  REQUIRE(!failed);
  CHECK(failed.error().kind() == ErrorKind::config);
  CHECK(failed.error().message() == "there is no CUDA image of CUDA 12.7");
  CHECK(failed.error().hints() ==
        std::vector<std::string>{
            "set `cuda` to one of 11.0, 11.1, 11.2, 11.3, 11.4, 11.5, 11.6, 11.7, 11.8, 12.0, "
            "12.1, 12.2, 12.3, 12.4, 12.5, 12.6, 12.8, 12.9, 13.0, 13.1, 13.2"});
  failed = find_cuda_image({12, 3}, 8);
  REQUIRE(!failed);
  CHECK(failed.error().message() == "the image of CUDA 12.3 has cuDNN 9, not 8");
}

TEST_CASE("cuda_images: ascending, each CUDA once") {
  const auto images = base::cuda_images();
  CHECK(std::ranges::is_sorted(images, {}, &base::CudaImage::cuda));
  CHECK(std::ranges::adjacent_find(images, {}, &base::CudaImage::cuda) == images.end());
}
