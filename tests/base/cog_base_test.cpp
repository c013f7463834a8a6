#include <cogbuild/base/cog_base.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace cogbuild;
using base::choose_cog_base;
using base::choose_cuda_as_cog;
using base::cog_base_reference;
using base::CogBase;
using frameworks::Cuda;

TEST_CASE("cog_base_reference: a part for each thing that the image has") {
  CHECK(cog_base_reference({.python = "3.12"}) == "r8.im/cog-base:python3.12");
  CHECK(cog_base_reference({.cuda = Cuda{12, 4}, .python = "3.12"}) ==
        "r8.im/cog-base:cuda12.4-python3.12");
  CHECK(cog_base_reference({.cuda = Cuda{12, 1}, .python = "3.11", .torch = "2.3.1"}) ==
        "r8.im/cog-base:cuda12.1-python3.11-torch2.3.1");
  CHECK(cog_base_reference({.python = "3.10", .torch = "2.0.0"}, "registry.example:5000") ==
        "registry.example:5000/cog-base:python3.10-torch2.0.0");
  CHECK(cog_base_reference({}) == "r8.im/cog-base:latest");
}

TEST_CASE("cog_bases: the 317 that Cog publishes, on these axes") {
  const auto bases = base::cog_bases();
  std::set<std::string> references;
  std::set<std::string> cudas;
  std::set<std::string> pythons;
  for (const auto& base : bases) {
    references.insert(cog_base_reference(base));
    pythons.insert(base.python);
    if (base.cuda) cudas.insert(to_string(*base.cuda));
  }
  CHECK(bases.size() == 317);
  CHECK(references.size() == 317);
  CHECK(cudas ==
        std::set<std::string>{"11.7", "11.8", "12.1", "12.4", "12.6", "12.8", "12.9", "13.0"});
  CHECK(pythons == std::set<std::string>{"3.10", "3.11", "3.12", "3.13", "3.14"});
  CHECK(references.contains("r8.im/cog-base:cuda11.7-python3.11-torch2.0.1"));
  CHECK(references.contains("r8.im/cog-base:cuda13.0-python3.14-torch2.9.1"));
  CHECK(references.contains("r8.im/cog-base:python3.14"));
  CHECK(!references.contains("r8.im/cog-base:cuda11.8-python3.12-torch2.1.0"));
}

TEST_CASE("choose_cog_base: the newest torch that the text allows, or none") {
  struct Row {
    std::string python{};
    std::optional<Cuda> cuda{};
    std::string torch{};
    std::string tag{};
  };
  const std::vector<Row> rows = {
      {"3.11", Cuda{12, 1}, "2.3", "cuda12.1-python3.11-torch2.3.1"},
      {"3.11", Cuda{12, 1}, "2.3.0", "cuda12.1-python3.11-torch2.3.0"},
      {"3.11", Cuda{11, 8}, "2.3.1+cu118", "cuda11.8-python3.11-torch2.3.1"},
      {"3.11", std::nullopt, "2.3", "python3.11-torch2.3.1"},
      {"3.11", Cuda{11, 7}, "2.0.1", "cuda11.7-python3.11-torch2.0.1"},
      {"3.11", Cuda{12, 6}, "2", "cuda12.6-python3.11-torch2.11.0"},
      // 2.1 is not 2.10, and what there is not comes without torch.
      {"3.11", Cuda{12, 6}, "2.1", "cuda12.6-python3.11"},
      {"3.13", Cuda{12, 4}, "2.5.1", "cuda12.4-python3.13"},
      {"3.11", Cuda{12, 8}, "2.3.1", "cuda12.8-python3.11"},
      {"3.11", Cuda{12, 4}, "1.13.1", "cuda12.4-python3.11"},
      {"3.11", Cuda{12, 4}, "", "cuda12.4-python3.11"},
      {"3.11.9", std::nullopt, "", "python3.11"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.tag);
    const auto base = choose_cog_base(row.python, row.cuda, row.torch);
    REQUIRE(base);
    CHECK(cog_base_reference(*base) == "r8.im/cog-base:" + row.tag);
    const auto bases = base::cog_bases();
    CHECK(std::ranges::find(bases, *base) != bases.end());
  }
}

TEST_CASE("choose_cog_base: a Python or CUDA that none has") {
  auto failed = choose_cog_base("3.9", std::nullopt, "");
  REQUIRE(!failed);
  CHECK(failed.error().kind() == ErrorKind::config);
  CHECK(failed.error().message() == "there is no base image of Cog's with Python 3.9");
  CHECK(failed.error().hints() ==
        std::vector<std::string>{"there are 3.10, 3.11, 3.12, 3.13, 3.14"});
  failed = choose_cog_base("3.11", Cuda{12, 5}, "");
  REQUIRE(!failed);
  CHECK(failed.error().message() == "there is no base image of Cog's with CUDA 12.5");
  CHECK(failed.error().hints() ==
        std::vector<std::string>{"there are 11.7, 11.8, 12.1, 12.4, 12.6, 12.8, 12.9, 13.0"});
  failed = choose_cog_base("", std::nullopt, "");
  REQUIRE(!failed);
  CHECK(failed.error().message() == "a base image of Cog's needs a version of Python");
}

TEST_CASE("choose_cuda_as_cog: the config's word, TensorFlow's, torch's, 11.8") {
  struct Row {
    std::string cuda{};
    std::string cudnn{};
    std::vector<base::FrameworkRequirement> requirements{};
    Cuda chosen{};
    std::optional<unsigned> cudnn_major{};
    std::string reason{};
  };
  const std::vector<Row> rows = {
      {"", "", {}, {11, 8}, std::nullopt, "CUDA 11.8 is Cog's default"},
      {"12.4", "", {}, {12, 4}, std::nullopt, "CUDA 12.4 is what `cuda` says"},
      {"12.1.1", "8", {}, {12, 1}, 8, "CUDA 12.1 is what `cuda` says"},
      {"", "9.1", {}, {11, 8}, 9, "CUDA 11.8 is Cog's default"},
      {"",
       "",
       {{"torch", "2.3.1"}},
       {12, 1},
       std::nullopt,
       "CUDA 12.1 is what torch 2.3.1 is built for"},
      {"",
       "",
       {{"torch", "2.3.1+cu118"}},
       {11, 8},
       std::nullopt,
       "CUDA 11.8 is what torch 2.3.1+cu118 is built for"},
      // A label that is not listed counts for nothing.
      {"",
       "",
       {{"torch", "2.3.1+cu117"}},
       {12, 1},
       std::nullopt,
       "CUDA 12.1 is what torch 2.3.1+cu117 is built for"},
      {"",
       "",
       {{"torch", "2.0.1"}},
       {11, 8},
       std::nullopt,
       "CUDA 11.8 is what torch 2.0.1 is built for"},
      {"",
       "",
       {{"torch", "2.11.0"}},
       {13, 0},
       std::nullopt,
       "CUDA 13.0 is what torch 2.11.0 is built for"},
      {"", "", {{"torchvision", "0.20.1"}}, {11, 8}, std::nullopt, "CUDA 11.8 is Cog's default"},
      {"11.8", "", {{"torch", ""}}, {11, 8}, std::nullopt, "CUDA 11.8 is what `cuda` says"},
      {"",
       "",
       {{"tensorflow", "2.12.0"}},
       {11, 8},
       8,
       "CUDA 11.8 is what tensorflow 2.12.0 is built for"},
      {"",
       "",
       {{"tensorflow", "2.15.0"}, {"torch", "2.7.1"}},
       {12, 2},
       8,
       "CUDA 12.2 is what tensorflow 2.15.0 is built for"},
      {"",
       "",
       {{"torch", ""}, {"tensorflow", "2.18.0"}},
       {12, 5},
       9,
       "CUDA 12.5 is what tensorflow 2.18.0 is built for"},
      {"12.2", "", {{"tensorflow", "2.15.0"}}, {12, 2}, 8, "CUDA 12.2 is what `cuda` says"},
      {"12.2",
       "",
       {{"tensorflow", "2.15.1"}},
       {12, 2},
       std::nullopt,
       "CUDA 12.2 is what `cuda` says"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.reason);
    const auto choice = choose_cuda_as_cog(row.cuda, row.cudnn, row.requirements);
    REQUIRE(choice);
    CHECK(choice->cuda == row.chosen);
    CHECK(choice->cudnn_major == row.cudnn_major);
    CHECK(choice->reason == row.reason);
  }
}

TEST_CASE("choose_cuda_as_cog: what it cannot know must be said") {
  const auto message = [](const char* cuda, const char* cudnn,
                          const std::vector<base::FrameworkRequirement>& requirements) {
    const auto choice = choose_cuda_as_cog(cuda, cudnn, requirements);
    REQUIRE(!choice);
    CHECK(choice.error().kind() == ErrorKind::config);
    return choice.error().message();
  };
  CHECK(message("", "", {{"torch", ""}}) ==
        "`torch` has no version, so that its CUDA is not known");
  CHECK(message("", "", {{"torch", "1.12.1"}}) ==
        "which CUDA `torch` 1.12.1 is built for is not known");
  CHECK(message("", "", {{"torch", "2.99.0"}}) ==
        "which CUDA `torch` 2.99.0 is built for is not known");
  CHECK(message("", "", {{"tensorflow", "2.15.1"}}) ==
        "which CUDA `tensorflow` 2.15.1 is built for is not known");
  CHECK(message("", "", {{"tensorflow", ""}}) ==
        "`tensorflow` has no version, so that its CUDA is not known");
  CHECK(message("", "9", {{"tensorflow", "2.15.0"}}) ==
        "tensorflow 2.15.0 needs cuDNN 8, but `cudnn` is 9");
  CHECK(message("twelve", "", {}) == "`cuda` twelve is no version");
  CHECK(message("", "eight", {}) == "`cudnn` eight is no version");
}
