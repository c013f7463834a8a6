#include "build_layer.hpp"
#include "deb_directories.hpp"
#include "layer_tar.hpp"
#include "planned_debs.hpp"

#include <cogbuild/configure/configure.hpp>

#include <algorithm>
#include <map>

namespace cogbuild::realise {

namespace {

using configure::GeneratedFile;

// What configuring says, `extra` in the place of what has its paths; sorted by path.
std::vector<GeneratedFile> merged(std::vector<GeneratedFile> files,
                                  const std::vector<GeneratedFile>& extra) {
  std::erase_if(files, [&](const GeneratedFile& file) {
    return std::ranges::binary_search(extra, file.path, {}, &GeneratedFile::path);
  });
  files.insert(files.end(), extra.begin(), extra.end());
  std::ranges::sort(files, {}, &GeneratedFile::path);
  return files;
}

Result<void> write(const GeneratedFile& file, LayerTar& tar, PackedBlob& blob) {
  const EntryOwner owner{.uid = file.uid, .gid = file.gid};
  switch (file.type) {
    case configure::FileType::directory:
      return tar.directory(
          {.path = file.path, .mode = file.mode, .uid = file.uid, .gid = file.gid});
    case configure::FileType::symlink:
      return tar.symlink(file.path, file.content, owner);
    case configure::FileType::file:
      TRY(tar.file(file.path, file.mode, file.content.size(), owner));
      TRY(blob.write(file.content));
      return tar.end_file(file.content.size());
  }
  return {};
}

}  // namespace

Result<Layer> build_configuration_layer(const plan::LayerPlan& layer,
                                        const plan::ConfigurationLayer& content,
                                        const DebShelf& shelf, const base::TreeSummary& base,
                                        const Services& services) {
  std::vector<debian::DebContents> packages;
  for (const auto& package : content.packages)
    packages.push_back(shelf.contents({.package = &package, .rules = &content.rules}));
  TRY_ASSIGN(
      auto configuration,
      configure::configure(
          packages, {.tree = base.tree, .files = base.files, .architecture = content.architecture},
          content.options));
  for (const auto& warning : configuration.warnings) services.reporter.warn(warning);
  const auto files = merged(std::move(configuration.files), content.extra);

  // Its files lie in directories of the packages and of the base, which keep their attributes.
  plan::LayerPlan plan{.mtime_seconds = layer.mtime_seconds};
  std::vector<const debian::DebContents*> owners;
  for (const auto& package : packages) owners.push_back(&package);
  std::vector<std::string> paths;
  for (const auto& file : files) paths.push_back(file.path);
  plan.parents = directories_of(owners, paths, base.tree);

  PackedBlob blob(layer.compression, services.blobs);
  LayerTar tar(plan, blob);
  for (const auto& file : files) TRY(write(file, tar, blob));
  TRY(tar.end());
  TRY_ASSIGN(auto finished, blob.finish());
  return to_layer(layer.compression, std::move(finished), {});
}

}  // namespace cogbuild::realise
