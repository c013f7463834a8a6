#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/file_tree.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace cogbuild::filetree {

// image-spec layer.md, "Whiteouts".

inline constexpr std::string_view kWhiteoutPrefix = ".wh.";
inline constexpr std::string_view kOpaqueName = ".wh..wh..opq";

struct Whiteout {
  enum class Kind { removes_path, opaque } kind = Kind::removes_path;
  std::string path{};  // what goes; of an opaque one the directory whose lower children go
  friend bool operator==(const Whiteout&, const Whiteout&) = default;
};

// What an entry of a layer removes; nothing when it is no whiteout. A path without trailing slash.
// Error: integrity, for `.wh.` without a name, `.wh..` and `.wh...`.
Result<std::optional<Whiteout>> parse_whiteout(std::string_view path);
// Whether parse_whiteout would find something (or complain) here.
bool is_whiteout(std::string_view path);

// Applies the entries of one layer, in their order, to the tree of the layers below. Whiteouts
// remove only what lies below this layer, wherever in the layer they stand. Parents are followed
// through the tree's symlinks, as a runtime that unpacks onto the lower layers does.
class LayerMerge {
 public:
  // `tree` must outlive the merge.
  explicit LayerMerge(FileTree& tree) : tree_(tree) {}

  // Returns the path where the entry came to lie, nothing for a whiteout or the root directory.
  // Error: integrity (a whiteout without a name), conflict (a parent is a file, links loop).
  Result<std::optional<std::string>> add(const std::string& path, Node node);
  // A second name of what `target` is now; returns its path. Error: as above, and integrity, when
  // there is no file at `target`.
  Result<std::string> add_hardlink(const std::string& path, const std::string& target);

 private:
  Result<std::string> canonical(const std::string& path);
  void remove(const Whiteout& whiteout);

  FileTree& tree_;
  std::unordered_set<std::string> added_{};
  // The last parent looked up: entries of one directory come together.
  std::string parent_{};
  std::string canonical_parent_{};
  bool parent_known_ = false;
};

}  // namespace cogbuild::filetree
