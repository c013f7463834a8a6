#include "root_directory.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace cogbuild::push {

namespace {

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

Result<RootDirectory> RootDirectory::open(const std::filesystem::path& path) {
  io::Fd file(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.valid()) return fail(io::system_error("open", path));
  RootDirectory root(std::move(file), path);
  if (!root.resolve("", O_PATH | O_DIRECTORY).valid()) {
    if (errno == ENOSYS)
      return fail(Error(ErrorKind::unsupported, "this kernel has no openat2")
                      .hint("unpack on Linux 5.6 or later, or write an oci: output"));
    return fail(io::system_error("open", path));
  }
  return root;
}

// The descriptor is invalid on failure, with errno set.
io::Fd RootDirectory::resolve(const std::string& path, std::uint64_t flags) const {
  ::open_how how{};
  how.flags = flags | O_CLOEXEC;
  how.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
  const char* text = path.empty() ? "." : path.c_str();
  for (;;) {
    const auto fd = static_cast<int>(::syscall(SYS_openat2, file_.get(), text, &how, sizeof how));
    // EAGAIN: somebody renamed something in the middle of a `..`, anywhere on the system.
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) return io::Fd(fd);
  }
}

// Makes `parent` the current parent; false when it is missing.
Result<bool> RootDirectory::enter(const std::string& parent) {
  if (parent_.valid() && parent_path_ == parent) return true;
  io::Fd opened = resolve(parent, O_PATH | O_DIRECTORY);
  if (!opened.valid()) {
    if (errno == ENOENT) return false;
    if (errno == ENOTDIR || errno == ELOOP)
      return fail(
          Error(ErrorKind::integrity,
                fmt::format("a layer puts something below `{}`, which is no directory", parent)));
    return fail(io::system_error("open", disk_path(parent)));
  }
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) return fail(io::system_error("stat", disk_path(parent)));
  parent_ = std::move(opened);
  parent_path_ = parent;
  parent_inode_ = status.st_ino;
  return true;
}

Result<std::optional<Place>> RootDirectory::parent(const std::string& path) {
  TRY_ASSIGN(const bool there, enter(parent_of(path)));
  if (!there) return std::nullopt;
  return Place{.directory = parent_.get(), .directory_inode = parent_inode_, .name = name_of(path)};
}

Result<Place> RootDirectory::parent_made(const std::string& path, std::vector<std::string>& made) {
  TRY_ASSIGN(auto place, parent(path));
  if (place) return *std::move(place);

  const std::string missing = parent_of(path);
  for (std::size_t end = 0; end != std::string::npos;) {
    end = missing.find('/', end + 1);
    const std::string directory = missing.substr(0, end);
    TRY_ASSIGN(const bool there, enter(directory));
    if (there) continue;
    TRY(enter(parent_of(directory)));
    const std::string name = name_of(directory);
    if (::mkdirat(parent_.get(), name.c_str(), 0700) != 0) {
      // It exists and yet cannot be entered: a symlink to nothing.
      if (errno == EEXIST)
        return fail(
            Error(ErrorKind::integrity,
                  fmt::format("a layer puts `{}` below the symlink `{}`, which leads nowhere", path,
                              directory)));
      return fail(io::system_error("create", disk_path(directory)));
    }
    made.push_back(directory);
  }
  TRY(enter(missing));
  return Place{.directory = parent_.get(), .directory_inode = parent_inode_, .name = name_of(path)};
}

Result<std::optional<io::Fd>> RootDirectory::directory(const std::string& path, bool follow) const {
  io::Fd opened = resolve(path, O_RDONLY | O_DIRECTORY | (follow ? 0U : O_NOFOLLOW));
  if (opened.valid()) return opened;
  if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP) return std::nullopt;
  return fail(io::system_error("open", disk_path(path)));
}

void RootDirectory::forget() {
  parent_.close();
  parent_path_.clear();
}

Result<std::optional<struct stat>> status_of(const Place& place,
                                             const std::filesystem::path& shown) {
  struct stat status {};
  if (::fstatat(place.directory, place.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
    return status;
  if (errno == ENOENT) return std::nullopt;
  return fail(io::system_error("stat", shown));
}

}  // namespace cogbuild::push
