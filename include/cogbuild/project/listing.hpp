#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

namespace cogbuild::project {

enum class FileRole {
  code,     // everything that is not weights
  weights,  // large data in a layer of its own
};

struct ProjectFile {
  std::string path{};  // relative to the project root
  io::FileType type = io::FileType::regular;  // regular, directory, symlink
  bool executable = false;
  std::string link_target{};
  io::FileStamp stamp{};
  FileRole role = FileRole::code;
  friend bool operator==(const ProjectFile&, const ProjectFile&) = default;
};

struct Listing {
  std::vector<ProjectFile> files{};  // sorted by path, byte-wise
  // What was left out, for one line to the user.
  std::uint64_t ignored_count = 0;
  std::vector<std::string> warnings{};  // special files skipped, links that leave the project, …
};

// Lists what goes into the image: everything the ignore rules keep. No file is opened but
// .dockerignore and (for LFS pointers) files below 1 KiB that the stamp says are new.
// Errors: io; config (a bad pattern, a Git LFS pointer).
Result<Listing> scan(const io::Tree& project);

}  // namespace cogbuild::project
