#include "live_code.hpp"
#include "project_words.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace cogbuild::check {
namespace {

using project::ProjectFile;

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;
constexpr std::string_view kLeaveOut = "name it in .dockerignore";

std::string_view name_of(std::string_view path) { return path.substr(path.rfind('/') + 1); }
std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

bool is_any_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, text) != names.end();
}

std::string size_text(std::uint64_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / static_cast<double>(kMebibyte));
}

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [path](auto suffix) { return path.ends_with(suffix); });
}

// Directories of tools, each found once, what lies in them not looked at.
void find_tool_directories(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  std::string inside;
  for (const ProjectFile& file : subject.listing->files) {
    if (!inside.empty() && file.path.starts_with(inside)) continue;
    const auto name = name_of(file.path);
    std::string_view what;
    std::string directory = file.path;
    if (file.type == io::FileType::directory) {
      if (name == ".git") what = "the history of the project";
      if (name == "node_modules") what = "packages of Node.js";
      if (is_any_of(name, {".ipynb_checkpoints", ".pytest_cache", ".mypy_cache", ".ruff_cache"}))
        what = "the cache of a tool";
    } else if (name == "pyvenv.cfg" && file.path.find('/') != std::string::npos) {
      what = "a virtual environment, which the image does not use";
      directory = directory_of(file.path);
    }
    if (what.empty()) continue;
    report.in_file(directory, fmt::format("`{}` goes into the image: {}", directory, what),
                   std::string(kLeaveOut));
    inside = directory + "/";
  }
}

void find_notebooks(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  const ProjectFile* first = nullptr;
  std::size_t count = 0;
  for (const ProjectFile& file : subject.listing->files) {
    if (file.type != io::FileType::regular || !file.path.ends_with(".ipynb")) continue;
    if (first == nullptr) first = &file;
    ++count;
  }
  if (first == nullptr) return;
  RuleReporter(findings).in_file(
      first->path,
      count == 1
          ? fmt::format("the notebook `{}` goes into the image", first->path)
          : fmt::format("{} notebooks go into the image, the first is `{}`", count, first->path),
      "write `**/*.ipynb` into .dockerignore");
}

void find_training_state(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  std::set<std::string> seen;
  for (const ProjectFile& file : subject.listing->files) {
    if (file.type != io::FileType::regular) continue;
    const auto name = name_of(file.path);
    const bool is_optimizer = is_any_of(name, {"optimizer.pt", "optimizer.bin", "optimizer.pth"});
    const bool is_random_state = name.starts_with("rng_state") && name.ends_with(".pth");
    const bool is_log = name.starts_with("events.out.tfevents");
    if (!is_optimizer && !is_random_state && !is_log) continue;
    if (!seen.insert(std::string(directory_of(file.path))).second) continue;
    report.in_file(file.path,
                   fmt::format("`{}` goes into the image: {} of a training", file.path,
                               is_log ? "a log" : "the state"),
                   std::string(kLeaveOut));
  }
}

bool is_media(std::string_view path) {
  return ends_with_any(path, {".mp4", ".mov", ".avi", ".mkv", ".webm", ".wav", ".mp3", ".flac",
                              ".gif", ".tif", ".tiff", ".psd", ".png", ".jpg", ".jpeg"});
}

bool is_archive(std::string_view path) {
  return ends_with_any(path,
                       {".zip", ".tar", ".tar.gz", ".tgz", ".7z", ".rar", ".tar.bz2", ".tar.xz"});
}

bool is_weights_name(std::string_view path) {
  return ends_with_any(
      path, {".pth",   ".pt",    ".ckpt",   ".safetensors", ".bin", ".onnx",  ".gguf", ".h5",
             ".pkl",   ".npz",   ".npy",    ".tflite",      ".pb",  ".keras", ".nemo", ".task",
             ".model", ".index", ".joblib", ".engine",      ".trt", ".spm"});
}

bool is_named_in_code(const Subject& subject, std::string_view name) {
  return std::ranges::any_of(live_code(subject).files(),
                             [name](const PythonFile* file) { return file->mentions({name}); });
}

void find_media(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  for (const ProjectFile& file : subject.listing->files)
    if (file.type == io::FileType::regular && file.stamp.size_bytes >= 10 * kMebibyte &&
        is_media(file.path) && !is_named_in_code(subject, name_of(file.path)))
      report.in_file(file.path,
                     fmt::format("`{}` ({}) goes into the image, and no code names it", file.path,
                                 size_text(file.stamp.size_bytes)),
                     std::string(kLeaveOut));
}

void find_archives(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  const auto& files = subject.listing->files;
  for (const ProjectFile& file : files) {
    if (file.type != io::FileType::regular || file.stamp.size_bytes < kMebibyte ||
        !is_archive(file.path))
      continue;
    auto content = file.path.substr(0, file.path.rfind('.'));
    if (content.ends_with(".tar")) content.resize(content.size() - 4);
    const auto found = std::ranges::lower_bound(files, content, {}, &ProjectFile::path);
    if (found == files.end() || found->path != content || found->type != io::FileType::directory ||
        is_named_in_code(subject, name_of(file.path)))
      continue;
    report.in_file(file.path,
                   fmt::format("`{}` ({}) lies beside `{}`, which it seems to hold once more",
                               file.path, size_text(file.stamp.size_bytes), content),
                   std::string(kLeaveOut));
  }
}

void find_large_files(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  for (const ProjectFile& file : subject.listing->files) {
    if (file.type != io::FileType::regular || file.role != project::FileRole::code ||
        file.stamp.size_bytes < 5 * kMebibyte || is_weights_name(file.path) ||
        file.path.ends_with(".ipynb") || file.path.starts_with(".git/") ||
        file.path.find("/.git/") != std::string::npos ||
        (is_media(file.path) && file.stamp.size_bytes >= 10 * kMebibyte) ||
        is_named_in_code(subject, name_of(file.path)))
      continue;
    report.in_file(file.path,
                   fmt::format("`{}` ({}) lies in the layer of the code, which each change of the "
                               "code sends anew",
                               file.path, size_text(file.stamp.size_bytes)),
                   "name it in .dockerignore, unless the model reads it");
  }
}

constexpr std::array kRules = {
    Rule{.id = "tool-directory-shipped",
         .group = Group::files,
         .severity = Severity::warning,
         .summary = "the history of git, a virtual environment or a tool's cache goes along",
         .why = "Nothing in the model reads it, it makes the image larger, and a history keeps "
                "what was removed, secrets too. A .dockerignore of your own replaces the default "
                "list.",
         .bad = "# .dockerignore\nsamples/",
         .good = "# .dockerignore\n.git\nvenv\n**/node_modules\nsamples/",
         .find = find_tool_directories},
    Rule{.id = "training-state-shipped",
         .group = Group::files,
         .severity = Severity::warning,
         .summary = "an optimizer's state or logs of a training go along",
         .why = "The state of an optimizer is twice as large as the weights, and only training "
                "goes on from it.",
         .bad = "checkpoint-500/optimizer.pt",
         .good = "# .dockerignore\n**/optimizer.pt",
         .find = find_training_state},
    Rule{.id = "archive-shipped",
         .group = Group::files,
         .severity = Severity::warning,
         .summary = "an archive goes along beside the directory that it was unpacked to",
         .why = "The same files go into the image twice.",
         .bad = "weights.tar\nweights/",
         .good = "# .dockerignore\nweights.tar",
         .find = find_archives},
    Rule{.id = "sample-shipped",
         .group = Group::files,
         .severity = Severity::hint,
         .summary = "a picture, sound or film of 10 MiB or more that no code names",
         .why = "Samples for a README or a test are not needed to run the model.",
         .bad = "docs/demo.mp4",
         .good = "# .dockerignore\ndocs/",
         .find = find_media},
    Rule{.id = "notebook-shipped",
         .group = Group::files,
         .severity = Severity::hint,
         .summary = "notebooks go along",
         .why = "A model does not run notebooks, and their outputs hold pictures and sometimes "
                "keys.",
         .bad = "demo.ipynb",
         .good = "# .dockerignore\n**/*.ipynb",
         .find = find_notebooks},
    Rule{.id = "large-file-in-code",
         .group = Group::files,
         .severity = Severity::hint,
         .summary = "a file of 5 MiB or more, not weights, in the layer of the code",
         .why = "Weights have layers of their own; everything else shares one with the code, and "
                "is packed and pushed again with each change of it.",
         .bad = "data/train.csv  # 80 MiB",
         .good = "# .dockerignore\ndata/",
         .find = find_large_files},
};

}  // namespace

std::span<const Rule> unwanted_file_rules() { return kRules; }

}  // namespace cogbuild::check
