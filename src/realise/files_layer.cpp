#include "build_layer.hpp"
#include "layer_tar.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/byte_sink.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::realise {

namespace {

// Files from here on are worth naming in a report of the code layer.
constexpr std::uint64_t kNamedFileBytes = 100'000;

Result<void> write_project_file(const plan::PlannedFile& file, const io::Tree& project,
                                PackedBlob& blob) {
  TRY_ASSIGN(auto source, project.open(file.project_path));
  // The layer's key holds the digest that the file had when the plan was made.
  digest::VerifyingSource verified(std::move(source), file.digest, file.stamp.size_bytes,
                                   file.project_path);
  std::vector<std::byte> buffer(static_cast<std::size_t>(
      std::clamp<std::uint64_t>(file.stamp.size_bytes + 1, 1, io::kBufferBytes)));
  for (;;) {
    auto count = verified.read(buffer);
    if (!count && count.error().kind() == ErrorKind::integrity)
      return fail(std::move(count).error().hint("the file changed during the build; run it again"));
    if (!count) return fail(std::move(count).error());
    if (*count == 0) return {};
    TRY(blob.write(std::span(buffer).first(*count)));
  }
}

}  // namespace

Result<Layer> build_files_layer(const plan::LayerPlan& layer, const plan::FilesLayer& files,
                                const Services& services) {
  PackedBlob blob(layer.compression, services.blobs);
  LayerTar tar(layer, blob);
  std::vector<ContentItem> items;
  for (const auto& file : files.files) {
    using Kind = plan::PlannedFile::Kind;
    switch (file.kind) {
      case Kind::directory:
        TRY(tar.directory(file.path));
        break;
      case Kind::symlink:
        TRY(tar.symlink(file.path, file.content));
        break;
      case Kind::hardlink:
        TRY(tar.hardlink(file.path, file.content));
        break;
      case Kind::literal:
        TRY(tar.file(file.path, file.mode, file.content.size()));
        TRY(blob.write(file.content));
        TRY(tar.end_file(file.content.size()));
        break;
      case Kind::project_file:
        TRY(tar.file(file.path, file.mode, file.stamp.size_bytes));
        TRY(write_project_file(file, services.project, blob));
        TRY(tar.end_file(file.stamp.size_bytes));
        if (file.stamp.size_bytes >= kNamedFileBytes)
          items.push_back(
              {.kind = "file", .name = file.project_path, .unpacked_bytes = file.stamp.size_bytes});
        break;
    }
  }
  TRY(tar.end());
  TRY_ASSIGN(auto finished, blob.finish());
  return to_layer(layer.compression, std::move(finished), std::move(items));
}

}  // namespace cogbuild::realise
