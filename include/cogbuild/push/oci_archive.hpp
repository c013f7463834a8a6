#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/push/export_services.hpp>
#include <cogbuild/push/oci_layout.hpp>

#include <filesystem>

namespace cogbuild::push {

enum class ArchiveForm {
  oci,     // an OCI layout as a tar file
  docker,  // the same plus manifest.json, whose paths point into blobs/sha256: what `docker load`
           // reads
};

// Writes the image as one tar file, which appears whole or not at all. Its bytes depend on the
// image and its name alone: entries sorted by path, time 0, owner 0. Every blob is verified as it
// passes. Errors: io; integrity (a source changed); unsupported (zstd layers in the docker form).
Result<void> write_oci_archive(const image::Image& image, const LayoutName& name, ArchiveForm form,
                               const std::filesystem::path& file, ExportServices services);

}  // namespace cogbuild::push
