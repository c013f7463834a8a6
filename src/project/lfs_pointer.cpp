#include "lfs_pointer.hpp"

#include "size_text.hpp"
#include "weights_file.hpp"

#include <fmt/format.h>

#include <charconv>

namespace cogbuild::project {

namespace {

constexpr std::uint64_t kLargestPointer = 1023;

// The number in the line `size N` of a pointer.
std::optional<std::uint64_t> pointed_size(std::string_view text) {
  constexpr std::string_view kKey = "\nsize ";
  const auto at = text.find(kKey);
  if (at == std::string_view::npos) return std::nullopt;
  const auto digits = text.substr(at + kKey.size());
  std::uint64_t size = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (code != std::errc{}) return std::nullopt;
  return size;
}

}  // namespace

bool LfsPointers::is_candidate(std::string_view path, std::uint64_t size_bytes) const {
  constexpr std::uint64_t kShortest = 120;
  constexpr std::uint64_t kPlainLongest = 150;
  if (size_bytes < kShortest || size_bytes > kLargestPointer) return false;
  return uses_lfs_ || size_bytes <= kPlainLongest || has_weights_suffix(path);
}

Result<std::optional<Error>> LfsPointers::check(const io::Tree& project, const std::string& path) {
  constexpr std::string_view kVersionLine = "version https://git-lfs.github.com/spec/";
  TRY_ASSIGN(const std::string text, project.read(path, kLargestPointer));
  if (!text.starts_with(kVersionLine)) return std::nullopt;
  const auto size = pointed_size(text);
  return Error(ErrorKind::config,
               fmt::format("{} is a Git LFS pointer ({}){}", path, size_text(text.size()),
                           size ? fmt::format(" for a {} file", size_text(*size)) : ""))
      .hint("run `git lfs pull`");
}

}  // namespace cogbuild::project
