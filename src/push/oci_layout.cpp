#include "export_file.hpp"
#include "layout_files.hpp"
#include "run_all.hpp"

#include <cogbuild/image/manifest.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/push/oci_layout.hpp>

#include <fmt/format.h>

#include <atomic>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <system_error>
#include <vector>

namespace cogbuild::push {

namespace {

namespace fs = std::filesystem;

Result<bool> is_there(const fs::path& path) {
  std::error_code code;
  const bool there = fs::exists(fs::symlink_status(path, code));
  if (code && code != std::errc::no_such_file_or_directory) {
    errno = code.value();
    return fail(io::system_error("look at", path));
  }
  return there;
}

// Makes the directories, unless the place is taken by something that is no layout.
Result<void> prepare(const fs::path& directory) {
  std::error_code code;
  fs::create_directories(directory, code);
  TRY_ASSIGN(const bool is_layout, is_there(directory / kLayoutMarkerName));
  if (!code && !is_layout && !fs::is_empty(directory, code) && !code)
    return fail(Error(ErrorKind::conflict,
                      fmt::format("`{}` is not empty and no OCI layout", directory.string()))
                    .hint("choose a new directory"));
  if (!code) fs::create_directories(directory / "blobs" / "sha256", code);
  if (code) {
    errno = code.value();
    return fail(io::system_error("create", directory));
  }
  if (!is_layout) return io::write_atomically(directory / kLayoutMarkerName, kLayoutMarker);
  return {};
}

bool has_size(const fs::path& path, std::uint64_t size) {
  std::error_code code;
  return fs::is_regular_file(fs::symlink_status(path, code)) && fs::file_size(path, code) == size &&
         !code;
}

// Two builds may write into one layout at once: reading, merging and replacing index.json is one
// step.
Result<void> update_index(const fs::path& directory, const image::Descriptor& entry) {
  const io::Fd lock(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!lock.valid()) return fail(io::system_error("open", directory));
  while (::flock(lock.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return fail(io::system_error("lock", directory));
  }
  const fs::path file = directory / kIndexName;
  TRY_ASSIGN(const bool there, is_there(file));
  if (!there) return io::write_atomically(file, to_json(image::Index{.manifests = {entry}}));
  TRY_ASSIGN(const std::string existing, io::read_file(file));
  auto merged = merge_index(existing, entry);
  if (!merged)
    return fail(std::move(merged).error().during(fmt::format("adding to {}", file.string())));
  return io::write_atomically(file, *merged);
}

}  // namespace

LayoutName layout_name(const image::Reference& reference) {
  image::Reference named = reference;
  named.digest.reset();  // a name is what one gives to another image later; a digest is not
  if (named.tag.empty()) named.tag = "latest";
  return {.ref_name = named.tag, .image_name = to_string(named)};
}

Result<void> write_oci_layout(const image::Image& image, const LayoutName& name,
                              const fs::path& directory, ExportServices services, int parallel) {
  TRY(prepare(directory));
  const auto files = layout_blobs(image);
  std::atomic<bool> stop = false;
  const auto write_blob = [&](std::size_t i) -> Result<void> {
    const fs::path target = directory / files[i].path;
    if (has_size(target, size_bytes(files[i]))) return {};
    // The temporary file lies beside index.json: blobs/sha256 never holds anything but blobs.
    TRY_ASSIGN(const auto file, io::AtomicFile::create(directory / "blob"));
    TRY(export_file(files[i], *file, services, stop));
    return file->commit(target);
  };
  TRY(run_all(files.size(), parallel, stop, write_blob));
  return update_index(directory, index_entry(image, name));
}

}  // namespace cogbuild::push
