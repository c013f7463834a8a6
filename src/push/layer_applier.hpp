#pragma once

#include "root_directory.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/whiteout.hpp>
#include <cogbuild/push/rootfs.hpp>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace cogbuild::push {

// Applies layers to a directory, one after the other; image-spec layer.md, "Applying Changesets".
class LayerApplier {
 public:
  // `root` must outlive the applier.
  LayerApplier(RootDirectory& root, RootfsOptions options);

  // Reads the layer to its end.
  Result<void> apply(archive::TarReader& layer);
  // Gives every directory its mode and time, which must wait until nothing is put into it any more.
  Result<void> finish();
  [[nodiscard]] std::size_t skipped_devices() const { return skipped_devices_; }

 private:
  struct DirectoryAttributes {
    std::string path{};
    std::uint32_t mode = 0755;
    std::int64_t mtime_seconds = 0;
    std::uint32_t mtime_nanoseconds = 0;
  };
  enum class Removal { everything, lower_layers };

  Result<void> apply_entry(const archive::TarEntry& entry, archive::TarReader& layer);
  Result<void> hide(const filetree::Whiteout& whiteout);
  Result<Place> place(const std::string& path);
  Result<void> make_directory(const archive::TarEntry& entry);
  Result<void> make_file(const archive::TarEntry& entry, archive::TarReader& layer);
  Result<void> make_symlink(const archive::TarEntry& entry);
  Result<void> make_hardlink(const archive::TarEntry& entry);
  Result<void> clear(const Place& place, const std::string& path);
  Result<void> remove(int directory, std::uint64_t directory_inode, const std::string& name,
                      const std::string& path, Removal removal);
  Result<void> remove_children(int directory, const std::string& path, Removal removal);
  Result<void> remember_directory(const Place& place, const archive::TarEntry& entry);

  RootDirectory& root_;
  RootfsOptions options_;
  std::size_t skipped_devices_ = 0;
  // What this layer wrote, as parent inode and name: two paths may lead to one place through links.
  std::unordered_set<std::string> written_{};
  std::unordered_map<std::uint64_t, DirectoryAttributes> directories_{};  // by inode
};

}  // namespace cogbuild::push
