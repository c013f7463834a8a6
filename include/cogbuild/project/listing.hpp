#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/tree.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace cogbuild::project {

enum class FileRole {
  code,     // everything that is not weights
  weights,  // large data in a layer of its own
};

struct ProjectFile {
  std::string path{};                         // relative to the project root
  io::FileType type = io::FileType::regular;  // regular, directory, symlink
  bool executable = false;
  std::string link_target{};  // of a symlink, verbatim
  io::FileStamp stamp{};
  // More than 1: files with the same stamp.device and stamp.inode are one file (hard links).
  std::uint64_t link_count = 1;
  FileRole role = FileRole::code;
  friend bool operator==(const ProjectFile&, const ProjectFile&) = default;
};

// What was left out. A directory that a .dockerignore leaves out counts as one, without size: it is
// not read. What the default list leaves out is counted file by file, up to 20,000.
struct Ignored {
  std::uint64_t count = 0;
  std::uint64_t size_bytes = 0;
  bool at_least = false;             // counting stopped at the limit
  std::vector<std::string> paths{};  // the topmost ones, sorted
  friend bool operator==(const Ignored&, const Ignored&) = default;
};

struct Listing {
  std::vector<ProjectFile>
      files{};  // sorted by path, byte-wise; a directory comes before what it holds
  Ignored ignored{};
  bool has_dockerignore = false;
  std::vector<std::string> warnings{};  // special files skipped, links that leave the project, …
};

struct ScanOptions {
  bool allow_lfs_pointers = false;  // the project really ships Git LFS pointers
};

// Lists what goes into the image: everything that .dockerignore at the root keeps (that file itself
// included, as with Cog). Without that file kDefaultIgnore is used. `.cog` at the root is left out
// whatever the rules say, and directories that hold something kept are listed even if a rule
// ignores them.
//
// Weights are regular files of 10 MiB and more, unless their suffix names code, media or logs or
// they lie below
// `.cog`, `.git` or `__pycache__`; in the `blobs` of a hub cache (`models--*`) the name does not
// matter.
//
// Nothing is opened but .dockerignore, .gitattributes and .gitmodules at the root, and small files
// that may be Git LFS pointers. Errors: io; config for a bad pattern, for names that are not UTF-8
// text or hold control characters, and for Git LFS pointers (each kind reported together).
Result<Listing> scan(const io::Tree& project, const ScanOptions& options = {});

// What a project without .dockerignore leaves out, in the syntax of that file.
extern const std::string_view kDefaultIgnore;

// One line for the user, such as `left out 1204 files (35.2 MiB) by default: .git, venv`; empty if
// there is nothing to say: nothing was left out, or the project's own .dockerignore decided it.
std::string describe_ignored(const Listing& listing);

}  // namespace cogbuild::project
