#include "layer_tar.hpp"

#include <algorithm>

namespace cogbuild::realise {

Result<void> LayerTar::header(archive::TarHeader header) {
  header.mtime_seconds = layer_.mtime_seconds;
  return blob_.write(archive::tar_header(header));
}

Result<void> LayerTar::directory(const std::string& path) {
  if (path.empty() || written_.contains(path)) return {};
  const auto special =
      std::ranges::lower_bound(layer_.parents, path, {}, &plan::DirectoryAttributes::path);
  return directory(special != layer_.parents.end() && special->path == path
                       ? *special
                       : plan::DirectoryAttributes{.path = path});
}

Result<void> LayerTar::directory(const plan::DirectoryAttributes& attributes) {
  if (!written_.insert(attributes.path).second) return {};
  TRY(parents(attributes.path));
  return header({.path = attributes.path,
                 .type = archive::TarType::directory,
                 .mode = attributes.mode,
                 .uid = attributes.uid,
                 .gid = attributes.gid});
}

Result<void> LayerTar::parents(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? Result<void>() : directory(path.substr(0, slash));
}

Result<void> LayerTar::symlink(const std::string& path, const std::string& target,
                               EntryOwner owner) {
  TRY(parents(path));
  return header({.path = path,
                 .type = archive::TarType::symlink,
                 .mode = 0777,
                 .uid = owner.uid,
                 .gid = owner.gid,
                 .link_target = target});
}

Result<void> LayerTar::hardlink(const std::string& path, const std::string& target) {
  TRY(parents(path));
  return header({.path = path, .type = archive::TarType::hardlink, .link_target = target});
}

Result<void> LayerTar::file(const std::string& path, std::uint32_t mode, std::uint64_t size_bytes,
                            EntryOwner owner) {
  TRY(parents(path));
  return header(
      {.path = path, .mode = mode, .uid = owner.uid, .gid = owner.gid, .size_bytes = size_bytes});
}

}  // namespace cogbuild::realise
