#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/push/export_services.hpp>

#include <filesystem>

namespace cogbuild::push {

struct RootfsOptions {
  // The process may change owners: they and file capabilities are kept. Otherwise everything
  // belongs to the user.
  bool privileged = false;
};

// Applies the image's layers in order (image-spec layer.md, "Applying Changesets") and puts the
// result at `directory`, which must be missing or empty. It appears whole or not at all. Layers are
// not trusted: nothing outside the directory is read, written, linked or removed, whatever links
// the layers hold, and every layer is read to its end and verified. Device files are left out, with
// a note: a runtime makes its own. Errors: conflict (the directory is not empty); integrity (a
// source changed, a name with `..`, a path through a file); unsupported (Linux older than 5.6); io.
Result<void> write_rootfs(const image::Image& image, const std::filesystem::path& directory,
                          ExportServices services, RootfsOptions options = {});

}  // namespace cogbuild::push
