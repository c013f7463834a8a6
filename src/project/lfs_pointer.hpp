#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cogbuild::project {

// Finds files that are Git LFS pointers instead of their content (git-lfs docs/spec.md, "The
// Pointer").
class LfsPointers {
 public:
  // `uses_lfs`: .gitattributes at the root has a `filter=lfs`, so that any small file may be a
  // pointer.
  explicit LfsPointers(bool uses_lfs) : uses_lfs_(uses_lfs) {}

  // Whether it is worth opening this file: every pointer is below 1 KiB; without LFS in
  // .gitattributes only files named like weights, and any that have the size of a pointer without
  // extensions, 120 to 150 bytes.
  [[nodiscard]] bool is_candidate(std::string_view path, std::uint64_t size_bytes) const;
  // The finding when `path` is a pointer. Error: io.
  static Result<std::optional<Error>> check(const io::Tree& project, const std::string& path);

 private:
  bool uses_lfs_ = false;
};

}  // namespace cogbuild::project
