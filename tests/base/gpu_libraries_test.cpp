#include <cogbuild/base/gpu_libraries.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using base::CudaLibraries;
using base::DistributionFacts;
using base::FrameworkFinding;
using frameworks::Cuda;

namespace {

FrameworkFinding finding(const std::vector<DistributionFacts>& distributions) {
  const auto findings = base::examine_gpu_libraries(distributions);
  REQUIRE(findings.size() == 1);
  return findings.front();
}

DistributionFacts wheel(std::string name, std::string version,
                        std::vector<std::string> requires_names = {}) {
  return {.name = std::move(name),
          .version = std::move(version),
          .requires_names = std::move(requires_names)};
}

}  // namespace

TEST_CASE("examine_gpu_libraries: torch brings wheels of NVIDIA's, or holds the libraries itself") {
  auto torch =
      finding({wheel("torch", "2.4.0", {"nvidia-cublas-cu12", "nvidia-cudnn-cu12", "sympy"}),
               wheel("nvidia-cudnn-cu12", "9.1.0.70", {"nvidia-cublas-cu12"}),
               wheel("nvidia-cublas-cu12", "12.1.3.1"), wheel("sympy", "1.12")});
  CHECK(torch.libraries == CudaLibraries::carried);
  CHECK(torch.sentence ==
        "torch 2.4.0 brings its CUDA libraries as wheels (nvidia-cublas-cu12 and 1 more)");

  torch = finding({wheel("torch", "2.11.0", {"cuda-toolkit"}),
                   wheel("cuda-toolkit", "13.0.2", {"nvidia-cublas"}),
                   wheel("nvidia-cublas", "13.1.0")});
  CHECK(torch.libraries == CudaLibraries::carried);
  CHECK(torch.sentence == "torch 2.11.0 brings its CUDA libraries as a wheel (nvidia-cublas)");

  torch = finding({wheel("torch", "2.0.1+cu118", {"nvidia-ml-py"}), wheel("nvidia-ml-py", "12.0")});
  CHECK(torch.libraries == CudaLibraries::carried);
  CHECK(torch.sentence == "torch 2.0.1+cu118 holds its CUDA libraries itself");

  for (const auto* version : {"2.4.0+cpu", "2.4.0+rocm6.0"}) {
    torch = finding({wheel("torch", version)});
    CHECK(torch.libraries == CudaLibraries::unused);
    CHECK(torch.sentence == std::string("torch ") + version + " is a build without CUDA");
  }

  torch = finding({{.name = "torch", .version = "2.4.0", .is_wheel = false}});
  CHECK(torch.libraries == CudaLibraries::missing);
}

TEST_CASE("examine_gpu_libraries: tensorflow needs cuDNN's wheel, else the image of its row") {
  auto tensorflow = finding({wheel("tensorflow", "2.18.0", {"nvidia-cudnn-cu12"}),
                             wheel("nvidia-cudnn-cu12", "9.3.0.75")});
  CHECK(tensorflow.libraries == CudaLibraries::carried);

  tensorflow = finding({wheel("tensorflow", "2.15.0")});
  CHECK(tensorflow.libraries == CudaLibraries::missing);
  CHECK(tensorflow.cuda == Cuda{12, 2});
  CHECK(tensorflow.cudnn_major == 8U);
  CHECK(tensorflow.sentence ==
        "tensorflow 2.15.0 brings no CUDA libraries (tensorflow[and-cuda] does)");

  // The wheel of another framework is not tensorflow's.
  const auto both = base::examine_gpu_libraries(
      std::vector{wheel("torch", "2.4.0", {"nvidia-cudnn-cu12"}), wheel("tensorflow", "2.10.0"),
                  wheel("nvidia-cudnn-cu12", "9.1.0.70")});
  REQUIRE(both.size() == 2);
  CHECK(both[0].name == "tensorflow");
  CHECK(both[0].libraries == CudaLibraries::missing);
  CHECK(!both[0].cuda);
  CHECK(both[1].libraries == CudaLibraries::carried);

  CHECK(base::examine_gpu_libraries(std::vector{wheel("tensorflow-cpu", "2.15.0")}).empty());
}

TEST_CASE("examine_gpu_libraries: jax by its plugin, or by the label of an older jaxlib") {
  auto jax =
      finding({wheel("jax", "0.4.35", {"jaxlib", "jax-cuda12-plugin"}), wheel("jaxlib", "0.4.34"),
               wheel("jax-cuda12-plugin", "0.4.35", {"jax-cuda12-pjrt", "nvidia-cudnn-cu12"}),
               wheel("jax-cuda12-pjrt", "0.4.35"), wheel("nvidia-cudnn-cu12", "9.1.0.70")});
  CHECK(jax.libraries == CudaLibraries::carried);

  jax = finding({wheel("jax", "0.4.35", {"jaxlib", "jax-cuda12-plugin"}), wheel("jaxlib", "0.4.34"),
                 wheel("jax-cuda12-plugin", "0.4.35")});
  CHECK(jax.libraries == CudaLibraries::missing);
  CHECK(jax.cuda == Cuda{12, 9});
  CHECK(jax.sentence == "jax 0.4.35 has jax-cuda12-plugin, which brings no CUDA libraries");

  jax = finding({wheel("jax", "0.4.13", {"jaxlib"}), wheel("jaxlib", "0.4.13+cuda11.cudnn86")});
  CHECK(jax.libraries == CudaLibraries::missing);
  CHECK(jax.cuda == Cuda{11, 8});
  CHECK(jax.cudnn_major == 8U);
  jax = finding({wheel("jax", "0.4.20", {"jaxlib"}), wheel("jaxlib", "0.4.20+cuda12.cudnn89")});
  CHECK(jax.cuda == Cuda{12, 2});

  jax = finding({wheel("jax", "0.4.35", {"jaxlib"}), wheel("jaxlib", "0.4.34")});
  CHECK(jax.libraries == CudaLibraries::unused);
  CHECK(jax.sentence == "jax 0.4.35 has no CUDA plugin");
  CHECK(finding({wheel("jax", "0.4.35")}).libraries == CudaLibraries::unused);
}

TEST_CASE("examine_gpu_libraries: what names no wheels uses those of others") {
  for (const auto* name : {"onnxruntime-gpu", "ctranslate2"}) {
    CAPTURE(name);
    CHECK(finding({wheel(name, "4.5.0"), wheel("nvidia-cublas-cu12", "12"),
                   wheel("nvidia-cudnn-cu12", "9")})
              .libraries == CudaLibraries::carried);
    CHECK(finding({wheel(name, "4.5.0"), wheel("nvidia-cublas-cu12", "12")}).libraries ==
          CudaLibraries::missing);
  }
  struct Row {
    std::string name{};
    std::string version{};
    std::optional<Cuda> cuda{};
    std::optional<unsigned> cudnn_major{};
  };
  const std::vector<Row> rows = {
      {"onnxruntime-gpu", "1.18.1", Cuda{11, 8}, 8},
      {"onnxruntime-gpu", "1.19.0", Cuda{12, 4}, 9},
      {"ctranslate2", "3.24.0", Cuda{11, 8}, 8},
      {"ctranslate2", "4.4.0", Cuda{12, 2}, 8},
      {"ctranslate2", "4.5.0", Cuda{12, 4}, 9},
      {"cupy-cuda11x", "13.0.0", Cuda{11, 8}, std::nullopt},
      {"cupy-cuda112", "10.0.0", Cuda{11, 2}, std::nullopt},
      {"cupy-cuda12x", "13.0.0", Cuda{12, 9}, std::nullopt},
      {"mxnet-cu112", "1.9.1", Cuda{11, 2}, std::nullopt},
      {"mxnet-cu92", "1.6.0", std::nullopt, std::nullopt},
      {"tensorrt", "8.6.1", std::nullopt, std::nullopt},
      {"paddlepaddle-gpu", "2.5.0", std::nullopt, std::nullopt},
  };
  for (const auto& row : rows) {
    CAPTURE(row.name);
    const auto found = finding({wheel(row.name, row.version)});
    CHECK(found.libraries == CudaLibraries::missing);
    CHECK(found.cuda == row.cuda);
    CHECK(found.cudnn_major == row.cudnn_major);
    CHECK(found.sentence == row.name + " " + row.version + " brings no CUDA libraries");
  }
}

TEST_CASE("examine_gpu_libraries: requirements in a ring end, names outside the lock are ignored") {
  CHECK(finding({wheel("torch", "2.4.0", {"a", "absent"}), wheel("a", "1", {"torch", "b"}),
                 wheel("b", "1", {"a", "nvidia-nccl-cu12"}), wheel("nvidia-nccl-cu12", "2")})
            .libraries == CudaLibraries::carried);
  CHECK(base::examine_gpu_libraries({}).empty());
  CHECK(base::examine_gpu_libraries(std::vector{wheel("numpy", "2.0.0")}).empty());
}

TEST_CASE("compiled_for_cuda: known extensions, and only from source") {
  const std::vector<DistributionFacts> distributions = {
      {.name = "xformers", .version = "0.0.20", .is_wheel = false},
      {.name = "flash-attn", .version = "2.7.0", .is_wheel = false},
      {.name = "deepspeed", .version = "0.15.0"},
      {.name = "openai-whisper", .version = "20240930", .is_wheel = false},
  };
  CHECK(base::compiled_for_cuda(distributions) ==
        std::vector<std::string>{"flash-attn", "xformers"});
}
