#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/file.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace cogbuild::push {

// A directory entry by its parent and name: the parent is open, so nothing that links do later can
// move it. Valid until the next call of RootDirectory::parent or ::parent_made.
struct Place {
  int directory = -1;
  std::uint64_t directory_inode = 0;
  std::string name{};
};

// A directory that acts as the root of all paths: symlinks in it, absolute ones too, are followed
// inside it only (openat2 with RESOLVE_IN_ROOT), and never in the last component.
class RootDirectory {
 public:
  // Error: unsupported, when the kernel has no openat2.
  static Result<RootDirectory> open(const std::filesystem::path& path);

  // Where `path` (not empty) lies; nothing when its parent is missing.
  // Error: integrity, when a parent is no directory.
  Result<std::optional<Place>> parent(const std::string& path);
  // The same, but missing parents are made (0755); `made` gets the path of each.
  Result<Place> parent_made(const std::string& path, std::vector<std::string>& made);
  // A directory, opened for listing when `listed`; "" is the root. With `follow`, the last
  // component may be a symlink. Nothing when there is no such directory.
  Result<std::optional<io::Fd>> directory(const std::string& path, bool follow) const;
  // To be called after a directory or symlink was removed: paths may lead elsewhere now.
  void forget();

  // The path on disk, for messages.
  [[nodiscard]] std::filesystem::path disk_path(const std::string& path) const {
    return root_ / path;
  }

 private:
  RootDirectory(io::Fd file, std::filesystem::path root)
      : file_(std::move(file)), root_(std::move(root)) {}
  [[nodiscard]] io::Fd resolve(const std::string& path, std::uint64_t flags) const;
  Result<bool> enter(const std::string& parent);

  io::Fd file_;
  std::filesystem::path root_;
  io::Fd parent_{};  // the last parent used: neighbours in an archive share it
  std::string parent_path_{};
  std::uint64_t parent_inode_ = 0;
};

// The status of an entry, links not followed; nothing when there is none.
Result<std::optional<struct stat>> status_of(const Place& place,
                                             const std::filesystem::path& shown);

}  // namespace cogbuild::push
