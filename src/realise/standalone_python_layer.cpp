#include "build_layer.hpp"
#include "layer_tar.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <array>
#include <optional>
#include <set>
#include <string_view>

namespace cogbuild::realise {

namespace {

using archive::EntryType;

// What an image that runs models has no use for, of a path below the archive's `python/`. Byte code
// would embed times; EXTERNALLY-MANAGED would stop pip.
bool is_left_out(std::string_view path) {
  if (path.ends_with(".pyc") || path.ends_with("/__pycache__") ||
      path.ends_with("/EXTERNALLY-MANAGED"))
    return true;
  if (path == "share/man" || path.starts_with("share/man/")) return true;
  if (!path.starts_with("lib/")) return false;
  const auto rest = path.substr(4);
  if (rest.starts_with("libpython") && rest.ends_with(".a")) return true;
  const auto slash = rest.find('/');
  if (!rest.starts_with("python") || slash == std::string_view::npos) return false;
  const auto module = rest.substr(slash + 1);
  return module == "test" || module.starts_with("test/") ||
         (module.starts_with("config-") && module.ends_with(".a"));
}

// The path below `python/`, empty for that directory itself. Error: integrity.
Result<std::string> inner_path(const std::string& path) {
  constexpr std::string_view kTop = "python/";
  if (path + "/" == kTop) return std::string();
  if (path.starts_with(kTop)) return path.substr(kTop.size());
  return fail(Error(ErrorKind::integrity,
                    fmt::format("the archive of CPython holds `{}` beside `python/`", path)));
}

Result<void> copy(archive::TarReader& reader, std::vector<std::byte>& buffer, PackedBlob& blob) {
  for (;;) {
    TRY_ASSIGN(const std::size_t count, reader.read(buffer));
    if (count == 0) return {};
    TRY(blob.write(std::span(buffer).first(count)));
  }
}

class Copying {
 public:
  Copying(const std::string& prefix, LayerTar& tar, PackedBlob& blob)
      : prefix_(prefix), tar_(tar), blob_(blob) {}

  Result<void> add(const archive::TarEntry& entry, archive::TarReader& reader) {
    TRY_ASSIGN(const std::string inner, inner_path(entry.path));
    if (inner.empty() || is_left_out(inner)) return {};
    const std::string path = fmt::format("{}/{}", prefix_, inner);
    if (entry.type != EntryType::directory && !files_.insert(path).second)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("the archive of CPython holds `{}` twice", entry.path)));
    switch (entry.type) {
      case EntryType::directory:
        return tar_.directory(path);
      case EntryType::symlink:
        return tar_.symlink(path, entry.link_target);
      case EntryType::hardlink:
        return add_hardlink(path, entry);
      case EntryType::file:
        TRY(tar_.file(path, (entry.mode & 0111U) != 0 ? 0755 : 0644, entry.size_bytes));
        TRY(copy(reader, buffer_, blob_));
        unpacked_bytes_ += entry.size_bytes;
        return tar_.end_file(entry.size_bytes);
      case EntryType::other:
        break;
    }
    return fail(
        Error(ErrorKind::unsupported, fmt::format("`{}` is a device, pipe or socket", entry.path)));
  }

  [[nodiscard]] std::uint64_t unpacked_bytes() const { return unpacked_bytes_; }

 private:
  Result<void> add_hardlink(const std::string& path, const archive::TarEntry& entry) {
    TRY_ASSIGN(const std::string inner, inner_path(entry.link_target));
    const std::string target = fmt::format("{}/{}", prefix_, inner);
    if (!files_.contains(target) || target == path)
      return fail(Error(ErrorKind::integrity,
                        fmt::format("`{}` is another name of `{}`, which is not there", entry.path,
                                    entry.link_target)));
    return tar_.hardlink(path, target);
  }

  const std::string& prefix_;
  LayerTar& tar_;
  PackedBlob& blob_;
  std::set<std::string> files_{};
  std::vector<std::byte> buffer_ = std::vector<std::byte>(io::kBufferBytes);
  std::uint64_t unpacked_bytes_ = 0;
};

}  // namespace

Result<Layer> build_standalone_python_layer(const plan::LayerPlan& layer,
                                            const plan::StandalonePythonLayer& content,
                                            const Services& services) {
  TRY_ASSIGN(const bool stored, services.blobs.contains(content.python.digest));
  if (!stored) {
    TRY_ASSIGN(const auto wanted, services.wanted_python(content.python));
    TRY(fetch::fetch(wanted, services.fetch));
  }
  TRY_ASSIGN(const auto size, services.blobs.size_bytes(content.python.digest));
  TRY_ASSIGN(const auto source, services.blobs.open(content.python.digest, 0, size));
  TRY_ASSIGN(auto reader, archive::TarReader::open(*source));

  PackedBlob blob(layer.compression, services.blobs);
  LayerTar tar(layer, blob);
  Copying copying(content.prefix, tar, blob);
  for (;;) {
    TRY_ASSIGN(const auto entry, reader.next());
    if (!entry) break;
    if (!entry->path.empty()) TRY(copying.add(*entry, reader));
  }
  if (copying.unpacked_bytes() == 0)
    return fail(
        Error(ErrorKind::integrity, "the archive of CPython holds nothing below `python/`"));
  TRY(tar.end());
  TRY_ASSIGN(auto finished, blob.finish());
  return to_layer(layer.compression, std::move(finished),
                  {{.kind = "python",
                    .name = "CPython",
                    .version = content.python.version,
                    .unpacked_bytes = copying.unpacked_bytes()}});
}

}  // namespace cogbuild::realise
