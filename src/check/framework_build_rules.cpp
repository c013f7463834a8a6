#include "listed_requirements.hpp"
#include "pip_install.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/project/window_calls.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::check {
namespace {

// Distributions that require the build of OpenCV with windows themselves: with another installer
// than cogbuild, which swaps both, a change of the list alone would install two of them.
bool brings_gui_opencv(std::string_view name) {
  constexpr auto kBringers = std::to_array<std::string_view>({"gfpgan",
                                                              "basicsr",
                                                              "facexlib",
                                                              "realesrgan",
                                                              "mediapipe",
                                                              "controlnet-aux",
                                                              "insightface",
                                                              "rembg",
                                                              "ultralytics",
                                                              "imgaug",
                                                              "paddleocr",
                                                              "mmcv",
                                                              "mmcv-full",
                                                              "mmcv-lite",
                                                              "mmengine",
                                                              "mmdet",
                                                              "mmpose",
                                                              "supervision",
                                                              "python-doctr",
                                                              "groundingdino-py",
                                                              "lama-cleaner",
                                                              "iopaint",
                                                              "deepface",
                                                              "retina-face",
                                                              "mtcnn",
                                                              "simple-lama-inpainting",
                                                              "invisible-watermark",
                                                              "detectron2",
                                                              "pixeloe",
                                                              "segment-anything",
                                                              "clip-interrogator",
                                                              "k-diffusion",
                                                              "face-alignment",
                                                              "nerfstudio",
                                                              "kornia-rs",
                                                              "yolov5",
                                                              "fer",
                                                              "transparent-background"});
  return std::ranges::find(kBringers, name) != kBringers.end();
}

bool opens_windows(const Subject& subject) {
  return std::ranges::any_of(subject.python, [](const auto& file) {
    return file->mentions({"cv2"}) && !project::find_window_calls(file->text()).empty();
  });
}

void find_opencv_with_windows(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  const auto listed = listed_requirements(subject);
  const bool is_alone =
      std::ranges::none_of(listed, [](const auto& one) { return brings_gui_opencv(one.name()); });
  std::optional<bool> windows;
  for (const auto& one : listed) {
    if (one.name() != "opencv-python" && one.name() != "opencv-contrib-python") continue;
    const auto headless = one.name() + "-headless";
    if (lists(listed, headless)) continue;  // dependency-same-module says it
    if (!windows) windows = opens_windows(subject);
    if (*windows) return;
    report.at(location_of(one),
              fmt::format("`{}` is the build for desktops: cogbuild installs `{}` in its place",
                          one.written, headless),
              fmt::format("write `{}`; libgl1 and libglib2.0-0 are not needed for it", headless));
    if (const auto offset = offset_of(subject, one); offset && is_alone)
      report.with_edit({.file = one.line->location.file,
                        .begin = *offset,
                        .end = *offset + one.written.size(),
                        .text = headless});
  }
}

std::string local_label(const ListedRequirement& one) {
  const auto* const pin = one.requirement().specifiers.pin();
  if (pin == nullptr) return {};
  const auto text = python::to_string(*pin);
  const auto plus = text.find('+');
  return plus == std::string::npos ? std::string() : text.substr(plus + 1);
}

bool is_gpu_distribution(std::string_view name) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"onnxruntime-gpu", "tensorflow-gpu", "faiss-gpu", "flash-attn", "tensorrt", "xformers",
       "nvidia-cudnn-cu12", "paddlepaddle-gpu"});
  return std::ranges::find(kNames, name) != kNames.end() || name.starts_with("cupy-cuda");
}

void find_cuda_without_gpu(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || subject.config->gpu || !subject.config->cuda->empty()) return;
  RuleReporter report(findings);
  for (const auto& one : listed_requirements(subject)) {
    const auto label = local_label(one);
    if (!label.starts_with("cu") && !is_gpu_distribution(one.name())) continue;
    report.at(location_of(one),
              fmt::format("`{}` brings CUDA, but `gpu` is not true", text_of(one)),
              "set `gpu: true`, or take the build for CPUs");
  }
}

void find_cpu_build_with_gpu(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.config->gpu) return;
  RuleReporter report(findings);
  const auto listed = listed_requirements(subject);
  for (const auto& one : listed) {
    if (local_label(one) == "cpu" || one.name() == "tensorflow-cpu") {
      report.at(location_of(one),
                fmt::format("`{}` cannot use a GPU, but `gpu` is true", text_of(one)),
                "take the build for CUDA, or set `gpu: false`");
      continue;
    }
    if (one.name() != "onnxruntime" || lists(listed, "onnxruntime-gpu")) continue;
    const bool asks = std::ranges::any_of(
        subject.python, [](const auto& file) { return file->mentions({"CUDAExecutionProvider"}); });
    const auto late = words_of_late_installs(subject);
    const bool is_replaced = std::ranges::any_of(
        late, [](const std::string& word) { return word.starts_with("onnxruntime-gpu"); });
    if (asks && !is_replaced)
      report.at(location_of(one),
                "the code asks for `CUDAExecutionProvider`, which `onnxruntime` does not have",
                "list `onnxruntime-gpu` instead");
  }
}

constexpr std::array kRules = {
    Rule{.id = "cpu-build-with-gpu",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .summary = "`gpu: true`, but a framework's build for CPUs",
         .why = "The model runs on a machine with a GPU and leaves it idle: slow and dear.",
         .bad = "gpu: true\npython_packages:\n  - torch==2.5.1+cpu",
         .good = "gpu: true\npython_packages:\n  - torch==2.5.1",
         .find = find_cpu_build_with_gpu},
    Rule{.id = "cuda-build-without-gpu",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .summary = "a build for CUDA in a project without `gpu: true`",
         .why = "The CUDA builds of the frameworks are ten times as large as those for CPUs, and a "
                "machine without a GPU cannot use what they add.",
         .bad = "gpu: false\npython_packages:\n  - torch==2.5.1+cu124",
         .good = "gpu: false\npython_packages:\n  - torch==2.5.1",
         .find = find_cuda_without_gpu},
    Rule{.id = "opencv-with-windows",
         .group = Group::dependencies,
         .severity = Severity::hint,
         .fixable = true,
         .summary = "opencv-python where opencv-python-headless does",
         .why = "The build for desktops needs libGL and a dozen X11 libraries to show windows that "
                "no model shows. cogbuild swaps it unless told not to; other tools do not.",
         .bad = "opencv-python==4.10.0.84",
         .good = "opencv-python-headless==4.10.0.84",
         .find = find_opencv_with_windows},
};

}  // namespace

std::span<const Rule> framework_build_rules() { return kRules; }

}  // namespace cogbuild::check
