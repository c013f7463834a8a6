#include "build_layer.hpp"
#include "deb_directories.hpp"
#include "planned_debs.hpp"

#include <cogbuild/archive/tar_header.hpp>

#include <fmt/format.h>

namespace cogbuild::realise {

namespace {

std::uint64_t unpacked_bytes(const debian::DebContents& package) {
  std::uint64_t total = 0;
  for (const auto& entry : package.entries) total += entry.size_bytes;
  return total;
}

}  // namespace

Result<Layer> build_deb_layer(const plan::LayerPlan& layer, const std::vector<WantedDeb>& packages,
                              const DebShelf& shelf, const filetree::FileTree& base,
                              const Services& services) {
  std::vector<const debian::DebContents*> contents;
  std::vector<ContentItem> items;
  for (const auto& deb : packages) {
    contents.push_back(&shelf.contents(deb));
    items.push_back({.kind = "deb",
                     .name = deb.package->name,
                     .version = deb.package->version,
                     .unpacked_bytes = unpacked_bytes(*contents.back())});
  }
  PackedBlob blob(fragment_compression(layer), services.blobs);
  for (const auto& directory :
       directories_of(contents, {fmt::format("{}/format", kDpkgInfo)}, base))
    TRY(blob.write(archive::tar_header({.path = directory.path,
                                        .type = archive::TarType::directory,
                                        .mode = directory.mode,
                                        .uid = directory.uid,
                                        .gid = directory.gid,
                                        .mtime_seconds = layer.mtime_seconds})));
  for (const auto& deb : packages) TRY(blob.write_packed(shelf.fragment(deb)));
  TRY(blob.write(archive::tar_end()));
  TRY_ASSIGN(auto finished, blob.finish());
  return to_layer(layer.compression, std::move(finished), std::move(items));
}

}  // namespace cogbuild::realise
