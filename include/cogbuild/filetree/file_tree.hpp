#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace cogbuild::filetree {

enum class NodeType { directory, file, symlink, other };

// Attributes of one path in a root file system, without content.
struct Node {
  NodeType type = NodeType::file;
  std::uint32_t mode = 0644;  // permission bits with setuid, setgid, sticky
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string link_target{};  // of a symlink, verbatim
  friend bool operator==(const Node&, const Node&) = default;
};

// A root file system as paths: relative, `/`-separated, no leading or trailing slash. What a stack
// of layers looks like once applied. Missing parents are implied directories, 0755 0:0.
class FileTree {
 public:
  using Entries = std::map<std::string, Node, std::less<>>;
  // Which paths a removal spares.
  using Keep = std::function<bool(const std::string&)>;

  // Adds or replaces one entry, as a layer does: a file over a directory removes all below it.
  // Requires a canonical path: parents are directories or missing.
  void set(const std::string& path, Node node);
  // image-spec layer.md, "Whiteouts": removes `path` and all below it / all children of `path`.
  void remove(const std::string& path, const Keep& keep = {});
  void remove_children(const std::string& path, const Keep& keep = {});
  [[nodiscard]] const Node* find(std::string_view path) const;
  // A directory, whether it has an entry or is implied by what lies below it; the root always is
  // one.
  [[nodiscard]] bool is_directory(std::string_view path) const;
  [[nodiscard]] const Entries& entries() const { return entries_; }

  // The path with every parent component resolved through symlinks (limit 40, inside the root); the
  // last component is not followed. `lib/x` becomes `usr/lib/x` where `lib -> usr/lib`.
  // Error: conflict, when a parent is a file or the links loop.
  [[nodiscard]] Result<std::string> canonical(std::string_view path) const;
  // The same with the last component followed too; what it names need not exist.
  [[nodiscard]] Result<std::string> resolve(std::string_view path) const;

  friend bool operator==(const FileTree&, const FileTree&) = default;
  friend Result<FileTree> parse_text(std::string_view text);

 private:
  [[nodiscard]] Result<std::string> follow(std::string_view path, bool follow_last) const;
  Entries entries_{};
};

// One line per entry, sorted by path: parse_text(to_text(t)) == t. Grammar of a line, fields
// separated by tabs and written as text_field.hpp says: (`d` | `f` | `l` | `o`) mode in octal, uid,
// gid, path, and of a symlink its target.
std::string to_text(const FileTree& tree);
// Error: integrity, naming the line.
Result<FileTree> parse_text(std::string_view text);

}  // namespace cogbuild::filetree
