#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cogbuild/error/result.hpp>

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

// A root file system as paths: relative, `/`-separated, no leading or trailing slash. What a stack of
// layers looks like once applied. Missing parents are implied directories, 0755 0:0.
class FileTree {
 public:
  // Adds or replaces one entry, as a layer does: a file over a directory removes all below it.
  void set(const std::string& path, Node node);
  // image-spec layer.md, "Whiteouts": removes `path` and all below it / all children of `path`.
  void remove(const std::string& path);
  void remove_children(const std::string& path);
  [[nodiscard]] const Node* find(const std::string& path) const;
  [[nodiscard]] const std::map<std::string, Node>& entries() const { return entries_; }

  // The path with every parent component resolved through symlinks (limit 40, inside the root); the
  // last component is not followed. `lib/x` becomes `usr/lib/x` where `lib -> usr/lib`.
  // Error: conflict, when a parent is a file or the links loop.
  [[nodiscard]] Result<std::string> canonical(std::string_view path) const;

  friend bool operator==(const FileTree&, const FileTree&) = default;

 private:
  std::map<std::string, Node> entries_{};
};

// One line per entry; parse(to_text(t)) == t.
std::string to_text(const FileTree& tree);
Result<FileTree> parse_text(std::string_view text);

}  // namespace cogbuild::filetree
