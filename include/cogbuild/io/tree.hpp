#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/io/byte_source.hpp>
#include <cogbuild/io/file.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cogbuild::io {

enum class FileType { regular, directory, symlink, other };

struct TreeEntry {
  std::string name{};  // one path component
  FileType type = FileType::other;
  bool executable = false;  // any execute bit of a regular file
  FileStamp stamp{};        // of the entry itself, links not followed
  std::uint64_t link_count = 1;
  std::string link_target{};  // of a symlink, verbatim
};

// Read-only files below one root: the seam through which everything reads a project.
// Paths are relative, `/`-separated, without `.` or `..`; "" is the root itself.
class Tree {
 public:
  virtual ~Tree() = default;
  // Entries of a directory, sorted by name, links not followed. Error: not_found, io.
  virtual Result<std::vector<TreeEntry>> list(const std::string& directory) const = 0;
  // One entry, links not followed. Error: not_found, io.
  virtual Result<TreeEntry> stat(const std::string& path) const = 0;
  // The contents of a file, links followed as far as they stay below the root. Error: not_found, io
  // (also for what is no file, and for a link that leaves the root); `read`: integrity where it is
  // larger than `limit_bytes`.
  virtual Result<std::string> read(const std::string& path, std::uint64_t limit_bytes) const = 0;
  virtual Result<std::unique_ptr<ByteSource>> open(const std::string& path) const = 0;
  // Where the file lies on disk; for a tree in memory an invented absolute path.
  [[nodiscard]] virtual std::filesystem::path disk_path(const std::string& path) const = 0;
};

class DiskTree final : public Tree {
 public:
  explicit DiskTree(std::filesystem::path root);
  Result<std::vector<TreeEntry>> list(const std::string& directory) const override;
  Result<TreeEntry> stat(const std::string& path) const override;
  Result<std::string> read(const std::string& path, std::uint64_t limit_bytes) const override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) const override;
  [[nodiscard]] std::filesystem::path disk_path(const std::string& path) const override;

 private:
  [[nodiscard]] Result<Fd> open_file(const std::filesystem::path& path) const;

  std::filesystem::path root_;
  std::filesystem::path real_root_{};  // without links; empty where there is no such directory
};

// Files given as path -> content; directories follow from the paths. Values for tests and previews.
class MemoryTree final : public Tree {
 public:
  explicit MemoryTree(std::map<std::string, std::string> files) : files_(std::move(files)) {}
  Result<std::vector<TreeEntry>> list(const std::string& directory) const override;
  Result<TreeEntry> stat(const std::string& path) const override;
  Result<std::string> read(const std::string& path, std::uint64_t limit_bytes) const override;
  Result<std::unique_ptr<ByteSource>> open(const std::string& path) const override;
  [[nodiscard]] std::filesystem::path disk_path(const std::string& path) const override;

 private:
  std::map<std::string, std::string> files_;
};

}  // namespace cogbuild::io
