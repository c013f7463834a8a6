#include "listed_requirements.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace cogbuild::check {
namespace {

// The bytes of the whole line, its line end included, if nothing but this requirement stands on it:
// `torch==2.0.1`, `- torch==2.0.1`, `- "torch==2.0.1"`.
std::optional<Edit> removal_of_line(const Subject& subject, const ListedRequirement& listed) {
  const auto offset = offset_of(subject, listed);
  if (!offset) return std::nullopt;
  const auto location = location_of(listed);
  const auto text = text_of_file(subject, location.file);
  const auto begin = *offset - (location.column - 1);
  auto end = text.find('\n', begin);
  end = end == std::string_view::npos ? text.size() : end + 1;
  const auto in_front = text.substr(begin, *offset - begin);
  const auto allowed = location.file == subject.config_file ? " \t-\"'" : " \t";
  if (in_front.find_first_not_of(allowed) != std::string_view::npos) return std::nullopt;
  if (location.file == subject.config_file && std::ranges::count(in_front, '-') != 1)
    return std::nullopt;
  if (text.substr(begin, end - begin).find_first_of("#\\,;{}[]") != std::string_view::npos &&
      location.file == subject.config_file)
    return std::nullopt;
  if (text.substr(begin, end - begin).find('\\') != std::string_view::npos) return std::nullopt;
  return Edit{.file = location.file, .begin = begin, .end = end};
}

void find_twice(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  std::map<std::string, ListedRequirement> first;
  for (const auto& listed : listed_requirements(subject)) {
    const auto [earlier, is_new] = first.try_emplace(listed.name(), listed);
    if (is_new) continue;
    const auto& other = earlier->second;
    // Two builds for two platforms, each with its marker, are no duplicates.
    if (listed.requirement().marker || other.requirement().marker) continue;
    const bool same = listed.requirement() == other.requirement();
    const auto there =
        other.line->location.file == listed.line->location.file
            ? fmt::format("line {}", other.line->location.line)
            : fmt::format("{}:{}", other.line->location.file, other.line->location.line);
    report.at(location_of(listed),
              same ? fmt::format("`{}` is listed twice, first in {}", listed.written, there)
                   : fmt::format("`{}` is listed twice: {} says `{}`", text_of(listed), there,
                                 text_of(other)),
              "keep one of the two lines");
    if (!same || listed.line->hashes != other.line->hashes) continue;
    if (auto edit = removal_of_line(subject, listed)) report.with_edit(*std::move(edit));
  }
}

// Distributions that put the same module into place: which of them wins depends on the order of
// installing, and removing one breaks the other.
struct OneModule {
  std::string_view module{};
  std::array<std::string_view, 5> distributions{};
};
constexpr std::array kOneModule = {
    OneModule{"cv2",
              {"opencv-python", "opencv-python-headless", "opencv-contrib-python",
               "opencv-contrib-python-headless"}},
    OneModule{"tensorflow",
              {"tensorflow", "tensorflow-cpu", "tensorflow-gpu", "tf-nightly", "intel-tensorflow"}},
    OneModule{"onnxruntime", {"onnxruntime", "onnxruntime-gpu", "onnxruntime-openvino"}},
    OneModule{"psycopg2", {"psycopg2", "psycopg2-binary"}},
    OneModule{"PIL", {"pillow", "pillow-simd"}},
    OneModule{"faiss", {"faiss-cpu", "faiss-gpu", "faiss-gpu-cu11", "faiss-gpu-cu12"}},
    OneModule{"mmcv", {"mmcv", "mmcv-full", "mmcv-lite"}},
    OneModule{"ffmpeg", {"ffmpeg", "ffmpeg-python", "python-ffmpeg"}},
    OneModule{"whisper", {"whisper", "openai-whisper"}},
    OneModule{"Crypto", {"pycrypto", "pycryptodome"}},
    OneModule{"jwt", {"jwt", "pyjwt"}},
    OneModule{"fitz", {"fitz", "pymupdf"}},
    OneModule{"pynvml", {"pynvml", "nvidia-ml-py"}},
    OneModule{"cupy", {"cupy", "cupy-cuda11x", "cupy-cuda12x", "cupy-cuda13x"}},
};

void find_one_module(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  const auto listed = listed_requirements(subject);
  for (const auto& group : kOneModule) {
    const ListedRequirement* first = nullptr;
    for (const auto& one : listed) {
      if (std::ranges::find(group.distributions, one.name()) == group.distributions.end()) continue;
      if (first == nullptr) {
        first = &one;
      } else if (first->name() != one.name()) {
        report.at(location_of(one),
                  fmt::format("`{}` and `{}` both install the module `{}`", first->written,
                              one.written, group.module),
                  "keep one of the two");
      }
    }
  }
}

constexpr std::array kRules = {
    Rule{.id = "dependency-duplicate",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .fixable = true,
         .summary = "one distribution is listed twice",
         .why = "Two lines that agree are noise; two that do not cannot both be true, and whoever "
                "changes one of them will wonder why nothing happens.",
         .bad = "pandas==2.0.3\nnumpy==1.25.1\npandas==2.0.3",
         .good = "pandas==2.0.3\nnumpy==1.25.1",
         .find = find_twice},
    Rule{.id = "dependency-same-module",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .summary = "two distributions install the same module",
         .why = "Both write into the same directory. Which files win depends on the order of "
                "installing, and the mixture may fail only when it is used.",
         .bad = "opencv-python==4.10.0.84\nopencv-python-headless==4.10.0.84",
         .good = "opencv-python-headless==4.10.0.84",
         .find = find_one_module},
};

}  // namespace

std::span<const Rule> duplicate_requirement_rules() { return kRules; }

}  // namespace cogbuild::check
