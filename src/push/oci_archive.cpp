#include "export_file.hpp"
#include "layout_files.hpp"

#include <cogbuild/archive/tar_header.hpp>
#include <cogbuild/image/manifest.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/push/oci_archive.hpp>

#include <atomic>
#include <string_view>

namespace cogbuild::push {

namespace {

Result<void> put(io::ByteSink& sink, std::string_view text) { return sink.write(io::bytes(text)); }

Result<void> put_directory(io::ByteSink& sink, const char* path) {
  return put(
      sink, archive::tar_header({.path = path, .type = archive::TarType::directory, .mode = 0755}));
}

}  // namespace

Result<void> write_oci_archive(const image::Image& image, const LayoutName& name, ArchiveForm form,
                               const std::filesystem::path& file, ExportServices services) {
  // All files in the order of their paths: blobs/…, index.json, manifest.json, oci-layout.
  auto files = layout_blobs(image);
  files.push_back({.path = kIndexName,
                   .content = to_json(image::Index{.manifests = {index_entry(image, name)}})});
  if (form == ArchiveForm::docker) {
    TRY_ASSIGN(std::string manifest, docker_manifest(image, name));
    files.push_back({.path = "manifest.json", .content = std::move(manifest)});
  }
  files.push_back({.path = kLayoutMarkerName, .content = kLayoutMarker});

  const std::atomic<bool> never_stopped = false;
  TRY_ASSIGN(const auto sink, io::AtomicFile::create(file));
  TRY(put_directory(*sink, "blobs"));
  TRY(put_directory(*sink, "blobs/sha256"));
  for (const auto& each : files) {
    TRY(put(*sink, archive::tar_header({.path = each.path, .size_bytes = size_bytes(each)})));
    TRY(export_file(each, *sink, services, never_stopped));
    TRY(put(*sink, archive::tar_padding(size_bytes(each))));
  }
  TRY(put(*sink, archive::tar_end()));
  return sink->commit();
}

}  // namespace cogbuild::push
