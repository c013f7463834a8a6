#include "layer_applier.hpp"
#include "layout_files.hpp"
#include "reporting_source.hpp"
#include "root_directory.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/push/rootfs.hpp>

#include <fmt/format.h>

#include <stdio.h>
#include <system_error>

namespace cogbuild::push {

namespace {

namespace fs = std::filesystem;

Result<void> apply(const image::Layer& layer, LayerApplier& applier, ExportServices services) {
  const std::string id = "unpack " + to_string(layer.descriptor.digest);
  services.reporter.started(id, layer_label(layer), layer.recipe.size_bytes);
  TRY_ASSIGN(auto verified, recipe::open_verified(layer.recipe, services.opener));
  ReportingSource source(std::move(verified), id, services.reporter);
  TRY_ASSIGN(auto reader, archive::TarReader::open(source));
  auto applied = applier.apply(reader);
  services.reporter.finished(id, applied ? "unpacked" : "failed");
  if (!applied) return fail(std::move(applied).error().during("unpacking " + layer_label(layer)));
  return {};
}

Error taken(const fs::path& directory) {
  return Error(ErrorKind::conflict,
               fmt::format("`{}` exists and is not an empty directory", directory.string()))
      .hint("choose a new or an empty directory");
}

}  // namespace

Result<void> write_rootfs(const image::Image& image, const fs::path& directory,
                          ExportServices services, RootfsOptions options) {
  std::error_code code;
  fs::path target = fs::absolute(directory, code).lexically_normal();
  if (!target.has_filename()) target = target.parent_path();
  if (!code && fs::exists(fs::symlink_status(target, code)) &&
      !(fs::is_directory(fs::symlink_status(target, code)) && fs::is_empty(target, code)))
    return fail(taken(directory));
  code.clear();
  fs::create_directories(target.parent_path(), code);
  if (code) {
    errno = code.value();
    return fail(io::system_error("create", target.parent_path()));
  }

  // Unpacked beside the target and renamed at the end; removed with all in it when something fails.
  TRY_ASSIGN(const io::TempDir temporary, io::TempDir::create(target.parent_path()));
  TRY_ASSIGN(RootDirectory root, RootDirectory::open(temporary.path()));
  LayerApplier applier(root, options);
  for (const auto& layer : image.layers) TRY(apply(layer, applier, services));
  TRY(applier.finish());
  if (::rename(temporary.path().c_str(), target.c_str()) != 0) {
    if (errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR) return fail(taken(directory));
    return fail(io::system_error("rename the unpacked files to", target));
  }
  if (applier.skipped_devices() > 0)
    services.reporter.note(fmt::format("left out {} device files", applier.skipped_devices()));
  return {};
}

}  // namespace cogbuild::push
