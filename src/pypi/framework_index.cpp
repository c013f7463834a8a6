#include "framework_index.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace cogbuild::pypi {

namespace {

constexpr std::array<std::string_view, 13> kProjects = {
    "torch",     "torchvision", "torchaudio",    "torchtext", "torchao",
    "torchdata", "torchrec",    "torchcodec",    "torchtune", "torch-tensorrt",
    "triton",    "xformers",    "pytorch-triton"};
constexpr std::array<std::string_view, 3> kFamilies = {"pytorch-triton", "triton-", "fbgemm-gpu"};

}  // namespace

bool is_framework_index(const url::Url& index) { return index.host == "download.pytorch.org"; }

bool framework_index_publishes(const python::PackageName& name) {
  return std::ranges::find(kProjects, name.value()) != kProjects.end() ||
         std::ranges::any_of(
             kFamilies, [&](std::string_view prefix) { return name.value().starts_with(prefix); });
}

}  // namespace cogbuild::pypi
