#include "weights_file.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

namespace cogbuild::project {

namespace {

constexpr std::uint64_t kSmallestWeights = std::uint64_t{10} * 1024 * 1024;

// Cog's list of suffixes that are never weights (spec, "--separate-weights").
constexpr std::array<std::string_view, 24> kNotWeights = {
    ".py",   ".ipynb", ".whl",  ".jpg", ".jpeg", ".png", ".webp", ".svg",
    ".gif",  ".avif",  ".heic", ".mp4", ".mov",  ".avi", ".wmv",  ".mkv",
    ".webm", ".mp3",   ".wav",  ".ogg", ".flac", ".aac", ".m4a",  ".log"};
constexpr std::array<std::string_view, 23> kWeights = {
    ".safetensors", ".bin",    ".pt",      ".pth",     ".ckpt",    ".onnx",    ".gguf", ".ggml",
    ".h5",          ".pkl",    ".npz",     ".npy",     ".msgpack", ".tflite",  ".pb",   ".params",
    ".model",       ".engine", ".mlmodel", ".parquet", ".joblib",  ".weights", ".t7"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool ends_with_any(std::string_view path, std::span<const std::string_view> suffixes) {
  return std::ranges::any_of(suffixes, [&](std::string_view suffix) {
    return path.size() >= suffix.size() &&
           std::ranges::equal(path.substr(path.size() - suffix.size()), suffix, {}, lower);
  });
}

std::vector<std::string_view> components(std::string_view path) {
  std::vector<std::string_view> names;
  for (;;) {
    const auto slash = path.find('/');
    names.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) return names;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

bool is_weights(std::string_view path, std::uint64_t size_bytes) {
  if (size_bytes < kSmallestWeights) return false;
  const auto names = components(path);
  const bool in_tool_directory = std::ranges::any_of(names, [](std::string_view name) {
    return name == ".cog" || name == ".git" || name == "__pycache__";
  });
  if (in_tool_directory) return false;
  for (std::size_t i = 0; i + 2 < names.size(); ++i)
    if (names[i].starts_with("models--") && names[i + 1] == "blobs") return true;
  return !ends_with_any(path, kNotWeights);
}

bool has_weights_suffix(std::string_view path) { return ends_with_any(path, kWeights); }

}  // namespace cogbuild::project
