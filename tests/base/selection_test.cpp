#include <cogbuild/base/selection.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using base::BaseKind;
using base::CudaBase;
using base::DistributionFacts;
using base::select_base;
using base::Selection;
using base::SelectionRequest;

namespace {

using Lines = std::vector<std::string>;

Result<bool> has_all(const std::string&) { return true; }
Result<bool> has_none(const std::string&) { return false; }
// For choices that ask no registry.
Result<bool> is_not_asked(const std::string& reference) {
  FAIL_CHECK(reference);
  return false;
}

Selection selected(const SelectionRequest& request,
                   const base::ImageExists& exists = is_not_asked) {
  auto selection = select_base(request, exists);
  REQUIRE(selection);
  return *std::move(selection);
}

Error refused(const SelectionRequest& request, const base::ImageExists& exists = is_not_asked) {
  auto selection = select_base(request, exists);
  REQUIRE(!selection);
  return std::move(selection).error();
}

const std::vector<DistributionFacts> kTorch = {
    {.name = "torch",
     .version = "2.4.0",
     .requires_names = {"nvidia-cublas-cu12", "nvidia-cudnn-cu12"}},
    {.name = "nvidia-cublas-cu12", .version = "12.1.3.1"},
    {.name = "nvidia-cudnn-cu12", .version = "9.1.0.70"},
};

std::vector<DistributionFacts> torch_and(DistributionFacts more) {
  auto all = kTorch;
  all.push_back(std::move(more));
  return all;
}

}  // namespace

TEST_CASE("select_base: without a GPU the base is composed") {
  const auto selection = selected({.python_version = "3.11", .distributions = kTorch});
  CHECK(selection == Selection{.reasons = {"`gpu` is false"}});
  CHECK(explain(selection) ==
        Lines{"the base is composed from packages of Debian", "`gpu` is false"});
  // A CUDA that nothing asks for changes nothing.
  CHECK(selected({.cuda = "12.4"}) == selection);
}

TEST_CASE("select_base: --base is the user's word") {
  auto selection = selected({.gpu = true, .base = "debian:trixie"});
  CHECK(selection == Selection{.suite = "trixie", .reasons = {"--base debian:trixie names it"}});
  CHECK(explain(selection).front() == "the base is composed from packages of Debian trixie");
  CHECK(selected({.gpu = true, .base = "debian"}).suite.empty());

  selection = selected({.gpu = true, .base = "python:3.12-slim"});
  CHECK(selection.kind == BaseKind::image);
  CHECK(selection.reference == "python:3.12-slim");
  CHECK(explain(selection) ==
        Lines{"the base is the image `python:3.12-slim`", "--base python:3.12-slim names it"});
}

TEST_CASE("select_base: wheels that bring their CUDA libraries need no CUDA image") {
  const auto selection = selected({.gpu = true, .cuda = "12.1", .distributions = kTorch});
  CHECK(selection.kind == BaseKind::native);
  CHECK(explain(selection) ==
        Lines{"the base is composed from packages of Debian",
              "torch 2.4.0 brings its CUDA libraries as wheels (nvidia-cublas-cu12 and 1 more)",
              "no CUDA image is needed: every GPU framework finds its CUDA libraries in wheels"});
  CHECK(selected({.gpu = true,
                  .distributions = torch_and({.name = "onnxruntime-gpu", .version = "1.20.1"})})
            .kind == BaseKind::native);
  // A source archive that needs no CUDA compiler is no reason for an image.
  CHECK(selected({.gpu = true,
                  .distributions = torch_and(
                      {.name = "openai-whisper", .version = "20240930", .is_wheel = false})})
            .kind == BaseKind::native);
}

TEST_CASE("select_base: one framework without libraries takes the runtime image") {
  const auto selection =
      selected({.gpu = true,
                .python_version = "3.11",
                .distributions = torch_and({.name = "tensorflow", .version = "2.15.0"})});
  CHECK(selection.kind == BaseKind::cuda_image);
  CHECK(selection.warnings.empty());
  CHECK(explain(selection) ==
        Lines{"the base is the image `nvidia/cuda:12.2.2-cudnn8-runtime-ubuntu22.04`, with a "
              "standalone Python on it",
              "tensorflow 2.15.0 brings no CUDA libraries (tensorflow[and-cuda] does)",
              "torch 2.4.0 brings its CUDA libraries as wheels (nvidia-cublas-cu12 and 1 more)",
              "CUDA 12.2 is what tensorflow 2.15.0 is for",
              "the runtime image will do: it leaves out the compiler, the headers and the static "
              "libraries of the devel image that Cog takes"});
}

TEST_CASE("select_base: which CUDA image the default takes") {
  struct Row {
    std::string cuda{};
    std::string cudnn{};
    std::vector<DistributionFacts> distributions{};
    std::vector<std::string> run_commands{};
    std::string tag{};
  };
  const std::vector<Row> rows = {
      {"", "", {}, {}, "11.8.0-cudnn8-runtime-ubuntu22.04"},
      {"12.4", "", {}, {}, "12.4.1-cudnn-runtime-ubuntu22.04"},
      {"",
       "",
       {{.name = "torch", .version = "2.4.0+cpu"}},
       {},
       "11.8.0-cudnn8-runtime-ubuntu22.04"},
      {"",
       "",
       {{.name = "onnxruntime-gpu", .version = "1.20.1"}},
       {},
       "12.4.1-cudnn-runtime-ubuntu22.04"},
      {"12.6",
       "",
       {{.name = "onnxruntime-gpu", .version = "1.20.1"}},
       {},
       "12.6.3-cudnn-runtime-ubuntu24.04"},
      // TensorFlow's word counts for more than a newer one.
      {"",
       "",
       {{.name = "cupy-cuda12x", .version = "13.0.0"}, {.name = "tensorflow", .version = "2.13.0"}},
       {},
       "11.8.0-cudnn8-runtime-ubuntu22.04"},
      {"",
       "",
       {{.name = "ctranslate2", .version = "4.4.0"}, {.name = "cupy-cuda12x", .version = "13.0.0"}},
       {},
       "12.9.1-cudnn-runtime-ubuntu24.04"},
      // Compiling takes the devel image, for torch's CUDA where nothing else says one.
      {"",
       "",
       torch_and({.name = "flash-attn", .version = "2.7.0", .is_wheel = false}),
       {},
       "12.4.1-cudnn-devel-ubuntu22.04"},
      {"12.1",
       "",
       kTorch,
       {"echo hello", "nvcc -o kernel kernel.cu"},
       "12.1.1-cudnn8-devel-ubuntu22.04"},
      {"",
       "",
       kTorch,
       {"export CUDA_HOME=/usr/local/cuda && make"},
       "12.4.1-cudnn-devel-ubuntu22.04"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.tag);
    const auto selection = selected({.gpu = true,
                                     .cuda = row.cuda,
                                     .cudnn = row.cudnn,
                                     .distributions = row.distributions,
                                     .run_commands = row.run_commands});
    CHECK(selection.kind == BaseKind::cuda_image);
    CHECK(selection.reference == "nvidia/cuda:" + row.tag);
  }
}

TEST_CASE(
    "select_base: the reasons for a CUDA image name what compiles, or that nothing is known") {
  auto reasons = selected({.gpu = true,
                           .distributions = torch_and(
                               {.name = "flash-attn", .version = "2.7.0", .is_wheel = false})})
                     .reasons;
  CHECK(reasons ==
        Lines{"torch 2.4.0 brings its CUDA libraries as wheels (nvidia-cublas-cu12 and 1 more)",
              "flash-attn is built from source with CUDA's compiler",
              "CUDA 12.4 is what torch 2.4.0 is built for",
              "the devel image has the compiler and the headers"});
  reasons = selected({.gpu = true, .run_commands = {"nvcc --version"}}).reasons;
  CHECK(reasons == Lines{"a `run` step speaks of nvcc",
                         "`gpu` is true, and no framework in the lock brings CUDA libraries",
                         "CUDA 11.8 is Cog's default",
                         "the devel image has the compiler and the headers"});
}

TEST_CASE("select_base: what may be missed in a CUDA image is said") {
  auto selection = selected({.gpu = true,
                             .distributions = {{.name = "tensorflow", .version = "2.13.0"},
                                               {.name = "cupy-cuda12x", .version = "13.0.0"},
                                               {.name = "tensorrt", .version = "8.6.1"}}});
  CHECK(selection.warnings ==
        Lines{"which CUDA tensorrt 8.6.1 is built for is not known; `cuda` in cog.yaml can say it",
              "cupy-cuda12x 13.0.0 is for CUDA 12.9, but the image has CUDA 11.8, for tensorflow"});
}

TEST_CASE("select_base: versions that no CUDA image has are errors") {
  CHECK(refused({.gpu = true, .cuda = "12.7"}).message() == "there is no CUDA image of CUDA 12.7");
  CHECK(refused({.gpu = true, .cuda = "12.4", .cudnn = "8"}).message() ==
        "the image of CUDA 12.4 has cuDNN 9, not 8");
  CHECK(refused({.gpu = true, .distributions = {{.name = "tensorflow", .version = "2.16.1"}}})
            .message() == "the image of CUDA 12.3 has cuDNN 9, not 8");
  CHECK(refused({.gpu = true, .distributions = {{.name = "tensorflow", .version = "2.16.1"}}})
            .hints() ==
        Lines{"cuDNN 8 comes with CUDA 11.0 to 12.2, cuDNN 9 with CUDA 12.3 and newer",
              "or require wheels that bring their CUDA libraries, such as tensorflow[and-cuda]"});
  CHECK(refused({.gpu = true, .cudnn = "nine"}).message() == "`cudnn` nine is no version");
}

TEST_CASE("select_base: --use-cuda-base-image=false composes, and warns of what is missing") {
  const auto selection = selected({.gpu = true,
                                   .distributions = {{.name = "tensorflow", .version = "2.15.0"}},
                                   .use_cuda_base_image = CudaBase::never});
  CHECK(selection.kind == BaseKind::native);
  CHECK(selection.reasons.back() == "--use-cuda-base-image=false");
  CHECK(selection.warnings ==
        Lines{"tensorflow 2.15.0 brings no CUDA libraries (tensorflow[and-cuda] does), and the "
              "base has none either"});
}

TEST_CASE("select_base: --use-cuda-base-image takes the devel image that Cog takes") {
  SelectionRequest request{.gpu = true,
                           .requirements = {{"torch", "2.4.0"}},
                           .distributions = kTorch,
                           .use_cuda_base_image = CudaBase::always};
  auto selection = selected(request);
  CHECK(selection.kind == BaseKind::cuda_image);
  CHECK(selection.reference == "nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04");
  CHECK(selection.reasons ==
        Lines{"--use-cuda-base-image asks for it", "CUDA 12.4 is what torch 2.4.0 is built for"});
  request.requirements = {{"torch", ""}};
  CHECK(refused(request).message() == "`torch` has no version, so that its CUDA is not known");
  request.gpu = false;
  selection = selected(request);
  CHECK(selection.kind == BaseKind::native);
  CHECK(selection.warnings == Lines{"--use-cuda-base-image has no effect, as `gpu` is false"});
}

TEST_CASE("select_base: --use-cog-base-image names the image that Cog names") {
  struct Row {
    SelectionRequest request{};
    std::string reference{};
  };
  const std::vector<Row> rows = {
      {{.python_version = "3.11"}, "r8.im/cog-base:python3.11"},
      {{.python_version = "3.11", .requirements = {{"torch", "2.3"}}},
       "r8.im/cog-base:python3.11-torch2.3.1"},
      {{.gpu = true, .python_version = "3.12", .requirements = {{"torch", "2.5.1"}}},
       "r8.im/cog-base:cuda12.4-python3.12-torch2.5.1"},
      {{.gpu = true,
        .cuda = "12.4",
        .python_version = "3.13",
        .requirements = {{"torch", "2.5.1"}}},
       "r8.im/cog-base:cuda12.4-python3.13"},
      // `cuda` counts without a GPU too, as Cog has it.
      {{.cuda = "12.4", .python_version = "3.12"}, "r8.im/cog-base:cuda12.4-python3.12"},
      {{.gpu = true, .python_version = "3.10"}, "r8.im/cog-base:cuda11.8-python3.10"},
      {{.python_version = "3.12", .cog_registry = "registry.example"},
       "registry.example/cog-base:python3.12"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.reference);
    auto request = row.request;
    request.use_cog_base_image = true;
    const auto selection = selected(request, has_all);
    CHECK(selection.kind == BaseKind::image);
    CHECK(selection.reference == row.reference);
    CHECK(selection.warnings.empty());
  }
}

TEST_CASE("select_base: a base image of Cog's that is asked for and not there is an error") {
  SelectionRequest request{.python_version = "3.12", .use_cog_base_image = true};
  auto error = refused(request, has_none);
  CHECK(error.kind() == ErrorKind::not_found);
  CHECK(error.message() == "there is no base image `r8.im/cog-base:python3.12`");
  error = refused(request, [](const std::string&) -> Result<bool> {
    return fail(Error(ErrorKind::network, "r8.im does not answer"));
  });
  CHECK(error.kind() == ErrorKind::network);
  request.python_version = "3.9";
  CHECK(refused(request).message() == "there is no base image of Cog's with Python 3.9");
}

TEST_CASE("select_base: a patch level is more than a base image of Cog's can promise") {
  const auto selection =
      selected({.python_version = "3.11.9", .use_cog_base_image = true}, has_all);
  CHECK(selection.reference == "r8.im/cog-base:python3.11");
  CHECK(selection.warnings == Lines{"base images of Cog's have some release of Python 3.11, "
                                    "`python_version` 3.11.9 is not met exactly"});
}

TEST_CASE("select_base: flags that exclude each other") {
  const auto message = [](const SelectionRequest& request) {
    const auto error = refused(request);
    CHECK(error.kind() == ErrorKind::usage);
    return error.message();
  };
  CHECK(message({.base = "debian", .use_cog_base_image = true}) ==
        "--base and --use-cog-base-image exclude each other");
  CHECK(message({.base = "debian", .use_cuda_base_image = CudaBase::always}) ==
        "--base and --use-cuda-base-image exclude each other");
  for (const auto cuda : {CudaBase::always, CudaBase::never})
    CHECK(message({.use_cog_base_image = true, .use_cuda_base_image = cuda}) ==
          "--use-cog-base-image and --use-cuda-base-image exclude each other");
  CHECK(selected({.base = "debian", .use_cog_base_image = false}).kind == BaseKind::native);
}
