#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/push/export_services.hpp>

#include <filesystem>
#include <string>

namespace cogbuild::push {

// What an image is called in a layout.
struct LayoutName {
  std::string ref_name{};    // `org.opencontainers.image.ref.name`: unique within the layout
  std::string image_name{};  // `io.containerd.image.name`: the reference in full
};

// The tag (`latest` without one) and the full reference.
LayoutName layout_name(const image::Reference& reference);

// Writes the image into an OCI layout directory (image-spec image-layout.md), which is made when it
// is missing. Each file appears whole or not at all and index.json comes last, so that a reader
// never sees an image without its blobs; blobs of the right size are kept, and so are other images
// in index.json unless they have the same ref name. Blobs are written and verified `parallel` at a
// time. Errors: io; integrity (a source changed, or index.json is damaged); conflict (the directory
// holds something else).
Result<void> write_oci_layout(const image::Image& image, const LayoutName& name,
                              const std::filesystem::path& directory, ExportServices services,
                              int parallel = 4);

}  // namespace cogbuild::push
