#include "layer_applier.hpp"

#include <cogbuild/io/byte_sink.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace cogbuild::push {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

std::string written_key(std::uint64_t directory_inode, const std::string& name) {
  return fmt::format("{}/{}", directory_inode, name);
}

std::array<struct timespec, 2> times(std::int64_t seconds, std::uint32_t nanoseconds) {
  const struct timespec time { .tv_sec = seconds, .tv_nsec = static_cast<long>(nanoseconds) };
  return {time, time};
}

// Names in an open directory, sorted so that errors do not depend on the file system's order.
Result<std::vector<std::string>> names_in(int directory, const std::filesystem::path& shown) {
  io::Fd copy(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!copy.valid()) return fail(io::system_error("list", shown));
  const std::unique_ptr<DIR, CloseDirectory> handle(::fdopendir(copy.get()));
  if (!handle) return fail(io::system_error("list", shown));
  copy.release();
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const dirent* item = ::readdir(handle.get());
    if (item == nullptr) break;
    const std::string_view name = item->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) return fail(io::system_error("list", shown));
  std::ranges::sort(names);
  return names;
}

}  // namespace

LayerApplier::LayerApplier(RootDirectory& root, RootfsOptions options)
    : root_(root), options_(options) {}

Result<void> LayerApplier::apply(archive::TarReader& layer) {
  written_.clear();
  for (;;) {
    TRY_ASSIGN(const auto entry, layer.next());
    if (!entry) return {};
    auto applied = apply_entry(*entry, layer);
    if (!applied)
      return fail(std::move(applied).error().during(fmt::format("unpacking `{}`", entry->path)));
  }
}

Result<void> LayerApplier::apply_entry(const archive::TarEntry& entry, archive::TarReader& layer) {
  TRY_ASSIGN(const auto whiteout, filetree::parse_whiteout(entry.path));
  if (whiteout) return hide(*whiteout);
  if (entry.path.empty() && entry.type != archive::EntryType::directory)
    return fail(Error(ErrorKind::integrity, "the layer replaces the root by something else"));
  switch (entry.type) {
    case archive::EntryType::directory:
      return make_directory(entry);
    case archive::EntryType::file:
      return make_file(entry, layer);
    case archive::EntryType::symlink:
      return make_symlink(entry);
    case archive::EntryType::hardlink:
      return make_hardlink(entry);
    case archive::EntryType::other:
      break;
  }
  ++skipped_devices_;
  return {};
}

// Only what lower layers hold is hidden, wherever in this layer the whiteout stands.
Result<void> LayerApplier::hide(const filetree::Whiteout& whiteout) {
  if (whiteout.kind == filetree::Whiteout::Kind::opaque) {
    TRY_ASSIGN(const auto directory, root_.directory(whiteout.path, true));
    if (directory) TRY(remove_children(directory->get(), whiteout.path, Removal::lower_layers));
  } else {
    TRY_ASSIGN(const auto hidden, root_.parent(whiteout.path));
    if (hidden)
      TRY(remove(hidden->directory, hidden->directory_inode, hidden->name, whiteout.path,
                 Removal::lower_layers));
  }
  root_.forget();
  return {};
}

// Where an entry goes; it counts as written from here on, and so do parents that had to be made.
Result<Place> LayerApplier::place(const std::string& path) {
  std::vector<std::string> made;
  TRY_ASSIGN(Place at, root_.parent_made(path, made));
  if (!made.empty()) {
    for (const auto& directory : made) {
      TRY_ASSIGN(const auto parent, root_.parent(directory));
      if (parent) TRY(remember_directory(*parent, {.path = directory, .mode = 0755}));
    }
    TRY_ASSIGN(at, root_.parent_made(path, made));
  }
  written_.insert(written_key(at.directory_inode, at.name));
  return at;
}

Result<void> LayerApplier::make_directory(const archive::TarEntry& entry) {
  if (entry.path.empty()) return remember_directory({}, entry);
  TRY_ASSIGN(const Place at, place(entry.path));
  TRY_ASSIGN(const auto status, status_of(at, root_.disk_path(entry.path)));
  const bool is_directory = status && S_ISDIR(status->st_mode);
  if (!is_directory) {
    TRY(clear(at, entry.path));
    if (::mkdirat(at.directory, at.name.c_str(), 0700) != 0)
      return fail(io::system_error("create", root_.disk_path(entry.path)));
  }
  return remember_directory(at, entry);
}

// Owner and a mode that lets us go on writing are set now, the rest in `finish`.
Result<void> LayerApplier::remember_directory(const Place& place, const archive::TarEntry& entry) {
  const auto shown = root_.disk_path(entry.path);
  io::Fd directory;
  if (entry.path.empty()) {
    TRY_ASSIGN(auto root, root_.directory("", true));
    if (root) directory = *std::move(root);
  } else {
    directory = io::Fd(::openat(place.directory, place.name.c_str(),
                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  }
  struct stat status {};
  if (::fstat(directory.get(), &status) != 0) return fail(io::system_error("open", shown));
  if (options_.privileged && ::fchown(directory.get(), entry.uid, entry.gid) != 0)
    return fail(io::system_error("change the owner of", shown));
  if (::fchmod(directory.get(), entry.mode | 0700) != 0)
    return fail(io::system_error("change the mode of", shown));
  directories_[status.st_ino] = {.path = entry.path,
                                 .mode = entry.mode,
                                 .mtime_seconds = entry.mtime_seconds,
                                 .mtime_nanoseconds = entry.mtime_nanoseconds};
  return {};
}

Result<void> LayerApplier::make_file(const archive::TarEntry& entry, archive::TarReader& layer) {
  const auto shown = root_.disk_path(entry.path);
  TRY_ASSIGN(const Place at, place(entry.path));
  TRY(clear(at, entry.path));
  io::Fd file(::openat(at.directory, at.name.c_str(),
                       O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) return fail(io::system_error("create", shown));
  io::FdSink sink(std::move(file), shown);
  archive::EntrySource content(layer);
  TRY(io::copy(content, sink));

  const int fd = sink.file().get();
  if (options_.privileged) {
    if (::fchown(fd, entry.uid, entry.gid) != 0)
      return fail(io::system_error("change the owner of", shown));
    for (const auto& [name, value] : entry.xattrs) {
      // A file system without attributes loses them, as it would for any other unpacker.
      if (name == "security.capability" &&
          ::fsetxattr(fd, name.c_str(), value.data(), value.size(), 0) != 0 && errno != ENOTSUP)
        return fail(io::system_error("set the capabilities of", shown));
    }
  }
  // After the owner, whose change takes setuid away.
  if (::fchmod(fd, entry.mode) != 0) return fail(io::system_error("change the mode of", shown));
  const auto when = times(entry.mtime_seconds, entry.mtime_nanoseconds);
  if (::futimens(fd, when.data()) != 0) return fail(io::system_error("set the time of", shown));
  return {};
}

Result<void> LayerApplier::make_symlink(const archive::TarEntry& entry) {
  const auto shown = root_.disk_path(entry.path);
  TRY_ASSIGN(const Place at, place(entry.path));
  TRY(clear(at, entry.path));
  if (::symlinkat(entry.link_target.c_str(), at.directory, at.name.c_str()) != 0)
    return fail(io::system_error("create the link", shown));
  if (options_.privileged &&
      ::fchownat(at.directory, at.name.c_str(), entry.uid, entry.gid, AT_SYMLINK_NOFOLLOW) != 0)
    return fail(io::system_error("change the owner of", shown));
  const auto when = times(entry.mtime_seconds, entry.mtime_nanoseconds);
  if (::utimensat(at.directory, at.name.c_str(), when.data(), AT_SYMLINK_NOFOLLOW) != 0)
    return fail(io::system_error("set the time of", shown));
  return {};
}

Result<void> LayerApplier::make_hardlink(const archive::TarEntry& entry) {
  const auto missing = [&] {
    return fail(Error(ErrorKind::integrity,
                      fmt::format("the hard link `{}` leads to `{}`, which is no file", entry.path,
                                  entry.link_target)));
  };
  if (entry.link_target.empty()) return missing();
  TRY_ASSIGN(const auto target_place, root_.parent(entry.link_target));
  if (!target_place) return missing();
  TRY_ASSIGN(const auto target, status_of(*target_place, root_.disk_path(entry.link_target)));
  if (!target || S_ISDIR(target->st_mode)) return missing();
  // `place` reuses the descriptor of the current parent, so the target's is kept here.
  const io::Fd target_directory(::fcntl(target_place->directory, F_DUPFD_CLOEXEC, 0));
  if (!target_directory.valid())
    return fail(io::system_error("open", root_.disk_path(entry.link_target)));

  TRY_ASSIGN(const Place at, place(entry.path));
  TRY_ASSIGN(const auto present, status_of(at, root_.disk_path(entry.path)));
  if (present && present->st_ino == target->st_ino) return {};
  TRY(clear(at, entry.path));
  if (::linkat(target_directory.get(), target_place->name.c_str(), at.directory, at.name.c_str(),
               0) != 0)
    return fail(io::system_error("create the hard link", root_.disk_path(entry.path)));
  return {};
}

// Removes what stands where an entry goes.
Result<void> LayerApplier::clear(const Place& place, const std::string& path) {
  if (::unlinkat(place.directory, place.name.c_str(), 0) == 0 || errno == ENOENT) return {};
  return remove(place.directory, place.directory_inode, place.name, path, Removal::everything);
}

Result<void> LayerApplier::remove(int directory, std::uint64_t directory_inode,
                                  const std::string& name, const std::string& path,
                                  Removal removal) {
  const auto shown = root_.disk_path(path);
  const bool kept =
      removal == Removal::lower_layers && written_.contains(written_key(directory_inode, name));
  const io::Fd inner(
      ::openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!inner.valid()) {
    if (errno == ENOENT) return {};
    if (errno != ENOTDIR && errno != ELOOP) return fail(io::system_error("open", shown));
    if (!kept && ::unlinkat(directory, name.c_str(), 0) != 0)
      return fail(io::system_error("remove", shown));
    return {};
  }
  TRY(remove_children(inner.get(), path, removal));
  if (kept) return {};
  struct stat status {};
  if (::fstat(inner.get(), &status) != 0) return fail(io::system_error("stat", shown));
  if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) == 0) {
    directories_.erase(status.st_ino);
    return {};
  }
  // Something of this layer is in it: the directory stays.
  if (removal == Removal::lower_layers && (errno == ENOTEMPTY || errno == EEXIST)) return {};
  return fail(io::system_error("remove", shown));
}

Result<void> LayerApplier::remove_children(int directory, const std::string& path,
                                           Removal removal) {
  struct stat status {};
  if (::fstat(directory, &status) != 0)
    return fail(io::system_error("stat", root_.disk_path(path)));
  TRY_ASSIGN(const auto names, names_in(directory, root_.disk_path(path)));
  for (const auto& name : names)
    TRY(remove(directory, status.st_ino, name, path.empty() ? name : path + "/" + name, removal));
  return {};
}

Result<void> LayerApplier::finish() {
  const bool has_root = std::ranges::any_of(
      directories_, [](const auto& directory) { return directory.second.path.empty(); });
  if (!has_root) TRY(remember_directory({}, {.mode = 0755}));
  // Deepest first: a directory without search permission hides what is below it.
  std::vector<std::pair<std::uint64_t, DirectoryAttributes>> all(directories_.begin(),
                                                                 directories_.end());
  std::ranges::sort(all,
                    [](const auto& a, const auto& b) { return a.second.path > b.second.path; });
  for (const auto& [inode, attributes] : all) {
    TRY_ASSIGN(const auto directory, root_.directory(attributes.path, false));
    if (!directory) continue;
    struct stat status {};
    if (::fstat(directory->get(), &status) != 0 || status.st_ino != inode) continue;
    const auto shown = root_.disk_path(attributes.path);
    const auto when = times(attributes.mtime_seconds, attributes.mtime_nanoseconds);
    if (::fchmod(directory->get(), attributes.mode) != 0)
      return fail(io::system_error("change the mode of", shown));
    if (::futimens(directory->get(), when.data()) != 0)
      return fail(io::system_error("set the time of", shown));
  }
  return {};
}

}  // namespace cogbuild::push
