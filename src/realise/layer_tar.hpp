#pragma once

#include <cogbuild/archive/tar_header.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/realise/packed_blob.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::realise {

struct EntryOwner {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

// Entries of one layer tar, written into a PackedBlob: parents come before children, each once,
// with the base's attributes where those are special (image-spec layer.md: a directory entry
// replaces the lower directory's attributes). The caller adds entries in path order and writes each
// file's content itself, between `file` and `end_file`.
class LayerTar {
 public:
  LayerTar(const plan::LayerPlan& layer, PackedBlob& blob) : layer_(layer), blob_(blob) {}

  Result<void> directory(const std::string& path);
  // With attributes of its own.
  Result<void> directory(const plan::DirectoryAttributes& attributes);
  Result<void> symlink(const std::string& path, const std::string& target, EntryOwner owner = {});
  Result<void> hardlink(const std::string& path, const std::string& target);
  Result<void> file(const std::string& path, std::uint32_t mode, std::uint64_t size_bytes,
                    EntryOwner owner = {});
  Result<void> end_file(std::uint64_t size_bytes) {
    return blob_.write(archive::tar_padding(size_bytes));
  }
  Result<void> end() { return blob_.write(archive::tar_end()); }

 private:
  Result<void> parents(const std::string& path);
  Result<void> header(archive::TarHeader header);

  const plan::LayerPlan& layer_;
  PackedBlob& blob_;
  std::set<std::string> written_{};
};

}  // namespace cogbuild::realise
