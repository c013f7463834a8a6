#include "../../src/resolve/framework_backend.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::resolve;

namespace {

using Lines = std::vector<std::string>;

// `torch==2.1.2`, `torch`, `torch @ https://…/torch-….whl`; the n-th is line n of its file.
std::vector<Root> roots(const Lines& lines, const std::string& file) {
  std::vector<Root> made;
  for (const auto& line : lines) {
    const auto requirement = python::Requirement::parse(line).value();
    made.push_back({.name = requirement.name,
                    .specifiers = requirement.specifiers,
                    .direct = requirement.url,
                    .location = {.file = file, .line = made.size() + 1}});
  }
  return made;
}

struct Question {
  Lines requirements{};
  Lines constraints{};
  bool gpu = false;
  std::string cuda{};
  std::string backend = "auto";
  std::string python = "3.11.2";
  std::string architecture = "x86_64";
  Lines indexes{"https://index.example/simple/"};
  Lines find_links{};
  std::string site = "https://download.pytorch.org/whl/";
  bool hashes = false;

  Result<FrameworkChoice> ask() const {
    auto required = roots(requirements, "requirements.txt");
    if (hashes)
      for (auto& root : required) root.hashes.push_back({.algorithm = "sha256", .hex = "00"});
    const auto constrained = roots(constraints, "constraints.txt");
    const config::Located<std::string> located{
        .value = cuda, .location = {.file = "cog.yaml", .line = 3, .column = 9}};
    const python::Target target{.python = python::Version::parse(python).value(),
                                .architecture = architecture};
    pypi::IndexConfig config{.find_links = find_links};
    for (const auto& index : indexes) config.indexes.push_back(url::parse(index).value());
    return choose_framework_index({.roots = required,
                                   .constraints = constrained,
                                   .gpu = gpu,
                                   .cuda = located,
                                   .target = target,
                                   .indexes = config,
                                   .backend = backend,
                                   .site = site});
  }
  std::string build() const {
    const auto choice = ask();
    return choice ? choice->build : render(choice.error());
  }
  std::string reason() const { return ask().value().reason; }
  Lines warnings() const {
    Lines lines;
    const auto choice = ask().value();
    for (const Error& warning : choice.warnings) lines.push_back(render(warning));
    return lines;
  }
  std::string error() const {
    const auto choice = ask();
    return choice ? "chose `" + choice->build + "`" : render(choice.error());
  }
};

}  // namespace

TEST_CASE(
    "choose_framework_index: without a gpu every requirement of the family takes cpu builds") {
  for (const std::string line :
       {"torch==2.3.1", "torch==2.3", "torch>=2.3", "torch", "torch==2.3.*", "torch~=2.1",
        "torch===2.3.1", "torch==1.8.0", "torch==99.0", "torchaudio==2.1.0", "torchvision",
        "xformers==0.0.22", "Torch>=2", "flash-attn"}) {
    CAPTURE(line);
    CHECK(Question{.requirements = {"numpy", line}}.build() == "cpu");
    // `cuda` means nothing without a GPU.
    CHECK(Question{.requirements = {line}, .cuda = "12.4"}.build() == "cpu");
    CHECK(Question{.requirements = {line}, .architecture = "aarch64"}.build() == "cpu");
  }
  const Question question{.requirements = {"torch>=2.3"}};
  CHECK(question.reason() ==
        "torch and its family come as `cpu` builds, as `gpu` is false (--torch-backend chooses "
        "others)");
  CHECK(question.ask()->notable);
}

TEST_CASE(
    "choose_framework_index: without a requirement on the family there is nothing to choose") {
  for (const bool gpu : {false, true})
    for (const std::string line : {"numpy==1.26.4", "torchmetrics==1.3.2", "transformers[torch]>=4",
                                   "tensorflow==2.15.0", "pytorch-lightning"})
      CHECK(Question{.requirements = {line}, .gpu = gpu}.build() == "");
  // A constraint asks for nothing.
  CHECK(Question{.requirements = {"numpy"}, .constraints = {"torch==2.1.2+cu118"}}.build() == "");
  const Question none{.requirements = {"numpy"}};
  CHECK(none.reason() ==
        "torch and its family come from the usual indexes: none of them is required by name");
  CHECK_FALSE(none.ask()->notable);
}

TEST_CASE("choose_framework_index: with a gpu the row of the version says which builds there are") {
  struct Row {
    std::string line{};
    std::string cuda{};
    std::string build{};
  };
  const std::vector<Row> rows = {
      // The newest there is, as in Cog.
      {"torch==2.0.1", "", "cu118"},
      {"torch==2.1.0", "", "cu121"},
      {"torch==2.4.1", "", "cu124"},
      {"torch==2.5.1", "", "cu124"},
      {"torch==2.6.0", "", "cu126"},
      {"torch==2.7.1", "", "cu128"},
      {"torch==2.8.0", "", "cu129"},
      {"torch==2.9.1", "", "cu130"},
      {"torch==2.11.0", "", "cu130"},
      // A release padded with zeros is the same release.
      {"torch==2.4", "", "cu124"},
      {"torch==2.0", "", "cu118"},
      {"torch===2.4.0", "", "cu124"},
      // The newest that the chosen CUDA runs.
      {"torch==2.4.1", "12.1", "cu121"},
      {"torch==2.4.1", "12.3", "cu121"},
      {"torch==2.4.1", "12.1.1", "cu121"},
      {"torch==2.6.0", "12.2", "cu118"},
      {"torch==2.11.0", "12.9", "cu129"},
      {"torch==2.11.0", "13.2", "cu130"},
      {"torch==2.1.2", "11.8", "cu118"},
      // The default index's own build is what is wanted.
      {"torch==2.0.1", "11.7", ""},
      {"torch==2.0.1", "12.1", "cu118"},
      // Ranges: the newest release that they allow.
      {"torch", "", "cu130"},
      {"torch>=2.5.1", "", "cu130"},
      {"torch>=2.0,<2.3", "", "cu121"},
      {"torch~=2.6.0", "", "cu126"},
      {"torch==2.4.*", "", "cu124"},
      {"torch<2.1", "", "cu118"},
      {"torch>=2.3", "12.1", ""},  // 2.11.0 has none
      {"torch>=2.3,<2.5", "12.1", "cu121"},
      // The others of the family by their own columns.
      {"torchvision==0.15.2", "", "cu118"},
      {"torchvision==0.19.0", "", "cu124"},
      {"torchvision", "", "cu130"},
      {"torchaudio==2.0.2", "", "cu118"},
      {"torchaudio>=2.0.0,<2.2", "", "cu121"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line);
    CAPTURE(row.cuda);
    CHECK(Question{.requirements = {row.line}, .gpu = true, .cuda = row.cuda}.build() == row.build);
  }
  CHECK(Question{.requirements = {"torch==2.4.1"}, .gpu = true}.reason() ==
        "torch and its family come as `cu124` builds, as `gpu` is true (--torch-backend chooses "
        "others)");
  CHECK(Question{.requirements = {"torch==2.4.1"}, .gpu = true, .cuda = "12.1"}.reason() ==
        "torch and its family come as `cu121` builds, as `cuda` is 12.1 (--torch-backend chooses "
        "others)");
}

TEST_CASE("choose_framework_index: requirements of the family and constraints count together") {
  CHECK(Question{.requirements = {"torch", "torchvision==0.15.2"}, .gpu = true}.build() == "cu118");
  CHECK(Question{.requirements = {"torchaudio==2.4.1", "torch>=2"}, .gpu = true}.build() ==
        "cu124");
  CHECK(Question{.requirements = {"torch>=2", "torch<2.1"}, .gpu = true}.build() == "cu118");
  CHECK(Question{.requirements = {"torch"}, .constraints = {"torch==2.1.2"}, .gpu = true}.build() ==
        "cu121");
  // A pin of torch stands even if no row has such a torchvision.
  CHECK(Question{.requirements = {"torch==2.4.1", "torchvision==0.15.2"}, .gpu = true}.build() ==
        "cu124");
}

TEST_CASE("choose_framework_index: a range takes a release that has wheels for the Python") {
  CHECK(Question{.requirements = {"torch<2.6"}, .gpu = true, .python = "3.13.1"}.build() == "");
  CHECK(Question{.requirements = {"torch<2.9"}, .gpu = true, .python = "3.13.1"}.build() ==
        "cu129");
  CHECK(Question{.requirements = {"torch<2.9"}, .gpu = true, .python = "3.9.1"}.build() == "cu129");
  CHECK(Question{.requirements = {"torch<2.9"}, .gpu = true, .python = "3.8.1"}.build() == "cu124");
  CHECK(Question{.requirements = {"torch>=2.9"}, .gpu = true, .python = "3.9.1"}.build() == "");
  // The index says which wheels of a pinned release there are.
  CHECK(Question{.requirements = {"torch==2.1.2"}, .gpu = true, .python = "3.13.1"}.build() ==
        "cu121");
}

TEST_CASE("choose_framework_index: releases that the table does not know keep the usual index") {
  for (const std::string line : {"torch==1.8.0", "torch==2.5.9", "torch==2.12.0", "torch>=2.12",
                                 "torch<2", "torchvision==0.9.0"}) {
    CAPTURE(line);
    const Question question{.requirements = {line}, .gpu = true};
    CHECK(question.build() == "");
    CHECK(question.ask()->notable);
  }
  CHECK(Question{.requirements = {"torch==1.8.0"}, .gpu = true}.reason() ==
        "torch and its family come from the usual indexes: which builds of `torch==1.8.0` there "
        "are is not known here; --torch-backend cu118 or the like chooses one");
  // `cuda` names one that the newest release has.
  CHECK(Question{.requirements = {"torch==2.12.0"}, .gpu = true, .cuda = "12.8"}.build() ==
        "cu128");
  CHECK(Question{.requirements = {"torch>=2.12"}, .gpu = true, .cuda = "13.1"}.build() == "cu130");
  CHECK(Question{.requirements = {"torch==2.12.0"}, .gpu = true, .cuda = "11.8"}.build() == "");
  // An old release is not there.
  CHECK(Question{.requirements = {"torch==1.8.0"}, .gpu = true, .cuda = "12.8"}.build() == "");
  // What needs torch decides which one it is.
  CHECK(Question{.requirements = {"xformers==0.0.22"}, .gpu = true}.build() == "");
}

TEST_CASE("choose_framework_index: no build for the chosen CUDA is told, with what there is") {
  const Question question{.requirements = {"torch==2.8.0"}, .gpu = true, .cuda = "11.8"};
  CHECK(question.build() == "");
  CHECK(question.warnings() ==
        Lines{"cog.yaml:3:9: error: `torch==2.8.0` has no build for CUDA 11.8 or older (there are "
              "12.6, 12.8, 12.9), so the usual indexes' build is taken\n"});
}

TEST_CASE("choose_framework_index: on aarch64 a gpu needs a word of the user") {
  const Question question{
      .requirements = {"numpy", "torch==2.8.0"}, .gpu = true, .architecture = "aarch64"};
  CHECK(question.build() == "");
  CHECK(question.warnings() ==
        Lines{"requirements.txt:2: error: which CUDA builds of `torch==2.8.0` there are for "
              "aarch64 is not known here, so the usual indexes' build is taken; --torch-backend "
              "cu130 would choose one\n"});
}

TEST_CASE("choose_framework_index: a local label decides the build of the whole family") {
  for (const bool gpu : {false, true}) {
    CHECK(
        Question{.requirements = {"torch==2.1.2+cu118", "torchaudio==2.1.2"}, .gpu = gpu}.build() ==
        "cu118");
    CHECK(Question{.requirements = {"torch==2.1.2", "torchvision==0.16.2+cu118"}, .gpu = gpu}
              .build() == "cu118");
    CHECK(Question{.requirements = {"torch==2.3.1+cpu"}, .gpu = gpu}.build() == "cpu");
    CHECK(Question{.requirements = {"torch==2.3.1+rocm6.0"}, .gpu = gpu}.build() == "rocm6.0");
    CHECK(Question{.requirements = {"torch==2.8.0+xpu"}, .gpu = gpu}.build() == "xpu");
    // Before 2.0.
    CHECK(Question{.requirements = {"torch==1.12.1+cu113"}, .gpu = gpu}.build() == "cu113");
    CHECK(Question{.requirements = {"torch==1.13.1+cu117"}, .gpu = gpu}.build() == "cu117");
    CHECK(Question{.requirements = {"torch==1.12.0+cu116"}, .gpu = gpu}.build() == "cu116");
    CHECK(Question{.requirements = {"torch===2.1.2+cu118"}, .gpu = gpu}.build() == "cu118");
    // A build of the user's own.
    CHECK(Question{.requirements = {"torch==2.1.2+git1234"}, .gpu = gpu}.build() == "");
  }
  CHECK(Question{.requirements = {"torch>=2"}, .constraints = {"torch==2.1.2+cu118"}}.build() ==
        "cu118");
  CHECK(Question{.requirements = {"torch==2.1.2+cu118"}}.reason() ==
        "torch and its family come as `cu118` builds, as `torch==2.1.2+cu118` is one");
  const Question other{.requirements = {"torch==2.1.2+cu118"}, .gpu = true, .cuda = "12.1"};
  CHECK(other.build() == "cu118");
  CHECK(other.warnings() == Lines{"requirements.txt:1: error: `torch==2.1.2+cu118` is built for "
                                  "CUDA 11.8, but `cuda` is 12.1\n"});
  CHECK(Question{.requirements = {"torch==2.1.2+cu118"}, .cuda = "12.1"}.warnings() == Lines{});
}

TEST_CASE("choose_framework_index: labels of one family that differ are an error with both lines") {
  CHECK(Question{.requirements = {"torch==2.1.2+cu118", "numpy", "torchvision==0.16.2+cu121"}}
            .error() ==
        "requirements.txt:3: error: `torchvision==0.16.2+cu121` is another build than "
        "`torch==2.1.2+cu118` (requirements.txt:1): one image holds one CUDA\n"
        "hint: give torch and its family the same local label\n");
  // A wheel's name says it too, for some of the family only CUDA's first number.
  const std::string wheel =
      "flash-attn @ https://example.com/"
      "flash_attn-2.7.3+cu12torch2.5cxx11abiFALSE-cp311-cp311-linux_x86_64.whl";
  CHECK(Question{.requirements = {"torch==2.5.1+cu124", wheel}}.build() == "cu124");
  CHECK(Question{.requirements = {wheel, "torch==2.5.1"}, .gpu = true}.build() == "cu124");
  for (const std::string torch : {"torch==2.5.1+cu118", "torch==2.5.1+cpu"}) {
    const auto text = Question{.requirements = {wheel, torch}}.error();
    CHECK(text.starts_with("requirements.txt:2: error: `" + torch + "` is another build than "));
  }
  // Also beside an index of the user's.
  CHECK(Question{.requirements = {"torch==2.1.2+cu118", "torchaudio==2.1.2+cpu"},
                 .indexes = {"https://download.pytorch.org/whl/cu118/"}}
            .error()
            .starts_with("requirements.txt:2: error: "));
}

TEST_CASE("choose_framework_index: what the user names himself stands") {
  for (const bool gpu : {false, true}) {
    const Question extra{
        .requirements = {"torch==2.4.0"},
        .gpu = gpu,
        .indexes = {"https://index.example/simple/", "https://download.pytorch.org/whl/cu121/"}};
    CHECK(extra.build() == "");
    CHECK(extra.reason() ==
          "torch and its family come from the usual indexes: "
          "https://download.pytorch.org/whl/cu121/ is named as an index");
    CHECK(Question{.requirements = {"torch==1.12.0+cu116"},
                   .gpu = gpu,
                   .find_links = {"/wheels", "https://download.pytorch.org/whl/torch_stable.html"}}
              .build() == "");
    CHECK(Question{.requirements = {"torch @ https://example.com/torch-2.1.0-cp311-cp311-"
                                    "linux_x86_64.whl",
                                    "torchvision==0.16.0"},
                   .gpu = gpu}
              .build() == "");
    CHECK(Question{.requirements = {"torch==2.4.0"}, .gpu = gpu, .hashes = true}.build() == "");
    // A mirror of the user's counts as the site.
    CHECK(Question{.requirements = {"torch==2.4.0"},
                   .gpu = gpu,
                   .indexes = {"https://mirror.example/whl/cu121/"},
                   .site = "https://mirror.example/whl/"}
              .build() == "");
    CHECK(Question{.requirements = {"torch==2.4.0"}, .gpu = gpu, .indexes = {}}.build() == "");
  }
  // Another index, or a wheel of another project, says nothing of torch.
  CHECK(Question{.requirements = {"torch==2.4.0",
                                  "kaolin @ https://example.com/kaolin-1-py3-none-"
                                  "any.whl"},
                 .indexes = {"https://index.example/simple/", "https://npu.example/simple/"}}
            .build() == "cpu");
}

TEST_CASE("choose_framework_index: TensorFlow decides CUDA where the config does not") {
  const Question follows{.requirements = {"tensorflow==2.15.0", "torch==2.7.1"}, .gpu = true};
  CHECK(follows.build() == "cu118");
  CHECK(follows.warnings() ==
        Lines{"requirements.txt:2: error: `tensorflow==2.15.0` is built for CUDA 12.2, "
              "`torch==2.7.1` is taken for CUDA 11.8, the nearest there is\n"});
  const Question same{.requirements = {"torch==2.1.2", "tensorflow==2.14.0"}, .gpu = true};
  CHECK(same.build() == "cu118");
  CHECK(same.warnings() == Lines{});
  CHECK(same.reason() ==
        "torch and its family come as `cu118` builds, as `tensorflow==2.14.0` is built for CUDA "
        "11.8 (--torch-backend chooses others)");
  const Question config{
      .requirements = {"torch==2.1.2", "tensorflow==2.14.0"}, .gpu = true, .cuda = "12.1"};
  CHECK(config.build() == "cu121");
  CHECK(config.warnings() == Lines{"cog.yaml:3:9: error: `tensorflow==2.14.0` is built for CUDA "
                                   "11.8, but `cuda` is 12.1\n"});
  // A release of TensorFlow without a row, or a range, says nothing.
  CHECK(Question{.requirements = {"torch==2.1.2", "tensorflow==2.8.0"}, .gpu = true}.build() ==
        "cu121");
  CHECK(Question{.requirements = {"torch==2.1.2", "tensorflow>=2.14"}, .gpu = true}.build() ==
        "cu121");
}

TEST_CASE("choose_framework_index: a backend on the command line overrides") {
  for (const std::string backend : {"cpu", "cu118", "cu130", "rocm6.2.4", "xpu", "cu92"}) {
    CHECK(Question{.requirements = {"torch==2.4.0"}, .gpu = true, .backend = backend}.build() ==
          backend);
    // Dependencies may bring the family in.
    CHECK(Question{.requirements = {"ultralytics"}, .backend = backend}.build() == backend);
    CHECK(Question{.requirements = {"torch"},
                   .backend = backend,
                   .indexes = {"https://download.pytorch.org/whl/cu121/"}}
              .build() == backend);
  }
  CHECK(Question{.requirements = {"torch==2.4.0"}, .backend = "none"}.build() == "");
  CHECK(Question{.requirements = {"torch==2.4.0+cu118"}, .backend = "none"}.build() == "");
  for (const std::string unknown : {"cuda", "", "cu", "cu12", "CPU", "rocm", "rocm6.", "rocm.6",
                                    "cu118/../x", "cu11812345", "cpu/", "gpu", "rocm6..1"}) {
    CAPTURE(unknown);
    CHECK(Question{.requirements = {"torch"}, .backend = unknown}.error() ==
          "error: --torch-backend: there is no `" + unknown +
              "`\nhint: use auto, none, cpu, xpu, a CUDA build such as cu118, cu126 or cu128, "
              "or a ROCm build such as rocm6.4\n");
  }
  CHECK(Question{.requirements = {"torch==2.1.2+cu118"}, .backend = "cpu"}.error() ==
        "requirements.txt:1: error: `torch==2.1.2+cu118` is another build than --torch-backend cpu "
        "asks for\nhint: remove its local label, or the option\n");
}
