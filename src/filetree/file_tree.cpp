#include <cogbuild/filetree/file_tree.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::filetree {

namespace {

// The first key after everything below `path`: `0` follows `/`.
std::string after_children(const std::string& path) { return path + '0'; }

}  // namespace

void FileTree::set(const std::string& path, Node node) {
  if (node.type != NodeType::directory) remove_children(path);
  entries_.insert_or_assign(path, std::move(node));
}

void FileTree::remove(const std::string& path, const Keep& keep) {
  remove_children(path, keep);
  if (!keep || !keep(path)) entries_.erase(path);
}

void FileTree::remove_children(const std::string& path, const Keep& keep) {
  auto entry = path.empty() ? entries_.begin() : entries_.lower_bound(path + '/');
  if (entry == entries_.end()) return;
  const auto end = path.empty() ? entries_.end() : entries_.lower_bound(after_children(path));
  if (!keep) {
    entries_.erase(entry, end);
    return;
  }
  while (entry != end) entry = keep(entry->first) ? std::next(entry) : entries_.erase(entry);
}

const Node* FileTree::find(std::string_view path) const {
  const auto entry = entries_.find(path);
  return entry == entries_.end() ? nullptr : &entry->second;
}

bool FileTree::is_directory(std::string_view path) const {
  if (path.empty()) return true;
  if (const Node* node = find(path)) return node->type == NodeType::directory;
  const std::string prefix = std::string(path) + '/';
  const auto below = entries_.lower_bound(prefix);
  return below != entries_.end() && below->first.starts_with(prefix);
}

Result<std::string> FileTree::canonical(std::string_view path) const { return follow(path, false); }

Result<std::string> FileTree::resolve(std::string_view path) const { return follow(path, true); }

Result<std::string> FileTree::follow(std::string_view path, bool follow_last) const {
  constexpr int kMostLinks = 40;
  int links = 0;
  std::string done;        // no component of it is a symlink
  std::string rest(path);  // still to walk
  std::size_t position = 0;
  while (position < rest.size()) {
    const auto slash = std::min(rest.find('/', position), rest.size());
    const std::string_view component = std::string_view(rest).substr(position, slash - position);
    const bool last = rest.find_first_not_of('/', slash) == std::string::npos;
    position = slash + 1;
    if (component.empty() || component == ".") continue;
    if (component == "..") {
      const auto parent = done.rfind('/');
      done.resize(parent == std::string::npos ? 0 : parent);
      continue;
    }
    const std::size_t done_size = done.size();
    if (!done.empty()) done += '/';
    done += component;
    if (last && !follow_last) return done;
    const Node* node = find(done);
    if (node == nullptr || node->type == NodeType::directory) continue;
    if (node->type != NodeType::symlink) {
      if (last) continue;
      return fail(
          Error(ErrorKind::conflict,
                fmt::format("`{}` cannot lie below `{}`, which is no directory", path, done)));
    }
    if (++links > kMostLinks)
      return fail(Error(ErrorKind::conflict,
                        fmt::format("`{}` leads through more than {} symlinks", path, kMostLinks)));
    std::string target = node->link_target;
    if (position < rest.size()) target.append("/").append(rest, position);
    done.resize(target.starts_with('/') ? 0 : done_size);
    rest = std::move(target);
    position = 0;
  }
  return done;
}

}  // namespace cogbuild::filetree
