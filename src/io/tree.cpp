#include <cogbuild/io/tree.hpp>

#include <climits>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <set>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cogbuild::io {

namespace {

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

Result<TreeEntry> entry_at(int directory, const char* name, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return fail(system_error("stat", path));
  constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
  TreeEntry entry;
  entry.name = path.filename().string();
  entry.stamp = {.device = status.st_dev,
                 .inode = status.st_ino,
                 .size_bytes = static_cast<std::uint64_t>(status.st_size),
                 .mtime_ns = status.st_mtim.tv_sec * kNanosPerSecond + status.st_mtim.tv_nsec,
                 .ctime_ns = status.st_ctim.tv_sec * kNanosPerSecond + status.st_ctim.tv_nsec};
  entry.link_count = status.st_nlink;
  if (S_ISREG(status.st_mode)) {
    entry.type = FileType::regular;
    entry.executable = (status.st_mode & 0111) != 0;
  } else if (S_ISDIR(status.st_mode)) {
    entry.type = FileType::directory;
  } else if (S_ISLNK(status.st_mode)) {
    entry.type = FileType::symlink;
    std::array<char, PATH_MAX> target;
    const ssize_t length = ::readlinkat(directory, name, target.data(), target.size());
    if (length < 0) return fail(system_error("read the link", path));
    entry.link_target.assign(target.data(), static_cast<std::size_t>(length));
  }
  return entry;
}

// Of an open file, as the kernel knows it: no link can be put in its way afterwards.
std::filesystem::path real_path(const Fd& file, const std::filesystem::path& path) {
  std::error_code code;
  auto real = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", file.get()), code);
  return code ? std::filesystem::canonical(path, code) : real;
}

bool lies_below(const std::filesystem::path& root, const std::filesystem::path& path) {
  return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

}  // namespace

DiskTree::DiskTree(std::filesystem::path root) : root_(std::move(root)) {
  std::error_code code;
  real_root_ = std::filesystem::canonical(root_, code);
}

// A pipe or a device would make its reader wait for ever, and a link out of the tree would show
// files of this machine to whoever made the tree.
Result<Fd> DiskTree::open_file(const std::filesystem::path& path) const {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.valid()) return fail(system_error("open", path));
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return fail(system_error("stat", path));
  if (S_ISDIR(status.st_mode)) {
    errno = EISDIR;
    return fail(system_error("read", path));
  }
  if (!S_ISREG(status.st_mode))
    return fail(Error(ErrorKind::io, fmt::format("{} is not a file", path.string())));
  if (!lies_below(real_root_, real_path(file, path)))
    return fail(
        Error(ErrorKind::io, fmt::format("{} is a link out of {}", path.string(), root_.string()))
            .hint("put a copy of the file there"));
  return file;
}

std::filesystem::path DiskTree::disk_path(const std::string& path) const {
  return path.empty() ? root_ : root_ / path;
}

Result<std::vector<TreeEntry>> DiskTree::list(const std::string& directory) const {
  const auto path = disk_path(directory);
  const std::unique_ptr<DIR, CloseDirectory> handle(::opendir(path.c_str()));
  if (!handle) return fail(system_error("list", path));
  std::vector<TreeEntry> entries;
  for (;;) {
    errno = 0;
    const dirent* item = ::readdir(handle.get());
    if (item == nullptr) {
      if (errno != 0) return fail(system_error("list", path));
      break;
    }
    if (std::strcmp(item->d_name, ".") == 0 || std::strcmp(item->d_name, "..") == 0) continue;
    TRY_ASSIGN(auto entry, entry_at(::dirfd(handle.get()), item->d_name, path / item->d_name));
    entries.push_back(std::move(entry));
  }
  std::ranges::sort(entries, {}, &TreeEntry::name);
  return entries;
}

Result<TreeEntry> DiskTree::stat(const std::string& path) const {
  const auto full = disk_path(path);
  return entry_at(AT_FDCWD, full.c_str(), full);
}

Result<std::string> DiskTree::read(const std::string& path, std::uint64_t limit_bytes) const {
  const auto full = disk_path(path);
  TRY_ASSIGN(const Fd file, open_file(full));
  return read_all(file, full, limit_bytes);
}

Result<std::unique_ptr<ByteSource>> DiskTree::open(const std::string& path) const {
  const auto full = disk_path(path);
  TRY_ASSIGN(Fd file, open_file(full));
  TRY_ASSIGN(const FileStamp now, io::stamp(file, full));
  return std::make_unique<FileSource>(std::move(file), full, 0, now.size_bytes);
}

std::filesystem::path MemoryTree::disk_path(const std::string& path) const {
  return std::filesystem::path("/memory") / path;
}

namespace {

Error no_such_file(const std::string& path) {
  return {ErrorKind::not_found, fmt::format("cannot open {}: No such file or directory", path)};
}

TreeEntry memory_file(const std::string& name, const std::string& content) {
  return {
      .name = name,
      .type = FileType::regular,
      .stamp = {.inode = std::hash<std::string>{}(name + content), .size_bytes = content.size()}};
}

}  // namespace

Result<std::vector<TreeEntry>> MemoryTree::list(const std::string& directory) const {
  const std::string prefix = directory.empty() ? "" : directory + "/";
  std::map<std::string, TreeEntry> found;
  for (const auto& [path, content] : files_) {
    if (!path.starts_with(prefix)) continue;
    const std::string rest = path.substr(prefix.size());
    const auto slash = rest.find('/');
    if (slash == std::string::npos)
      found[rest] = memory_file(rest, content);
    else
      found[rest.substr(0, slash)] = {.name = rest.substr(0, slash), .type = FileType::directory};
  }
  if (found.empty() && !directory.empty()) return fail(no_such_file(directory));
  std::vector<TreeEntry> entries;
  for (auto& [name, entry] : found) entries.push_back(std::move(entry));
  return entries;
}

Result<TreeEntry> MemoryTree::stat(const std::string& path) const {
  const auto name = std::filesystem::path(path).filename().string();
  if (const auto file = files_.find(path); file != files_.end())
    return memory_file(name, file->second);
  const auto below = files_.lower_bound(path + "/");
  if (path.empty() || (below != files_.end() && below->first.starts_with(path + "/")))
    return TreeEntry{.name = name, .type = FileType::directory};
  return fail(no_such_file(path));
}

Result<std::string> MemoryTree::read(const std::string& path, std::uint64_t limit_bytes) const {
  const auto file = files_.find(path);
  if (file == files_.end()) return fail(no_such_file(path));
  if (file->second.size() > limit_bytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("{} is larger than the limit of {} bytes", path, limit_bytes)));
  return file->second;
}

Result<std::unique_ptr<ByteSource>> MemoryTree::open(const std::string& path) const {
  TRY_ASSIGN(auto content, read(path, UINT64_MAX));
  return std::make_unique<MemorySource>(std::move(content));
}

}  // namespace cogbuild::io
