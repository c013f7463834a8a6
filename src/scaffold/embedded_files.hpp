#pragma once

#include <span>
#include <string_view>

namespace cogbuild::scaffold {

// A file below templates/, as it was when the program was built.
struct EmbeddedFile {
  std::string_view folder{};  // the first component of its path
  std::string_view path{};    // the others
  std::string_view content{};
};

// By folder, then by path. Written by cmake/EmbedTemplates.cmake.
std::span<const EmbeddedFile> embedded_files();

}  // namespace cogbuild::scaffold
