#include <cogbuild/filetree/whiteout.hpp>

#include <fmt/format.h>

namespace cogbuild::filetree {

namespace {

// Splits `a/b/c` into `a/b` and `c`.
std::pair<std::string_view, std::string_view> split_last(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return {{}, path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

std::string join(std::string_view directory, std::string_view name) {
  return directory.empty() ? std::string(name) : fmt::format("{}/{}", directory, name);
}

}  // namespace

bool is_whiteout(std::string_view path) {
  return split_last(path).second.starts_with(kWhiteoutPrefix);
}

Result<std::optional<Whiteout>> parse_whiteout(std::string_view path) {
  auto [directory, name] = split_last(path);
  if (!name.starts_with(kWhiteoutPrefix)) return std::nullopt;
  if (name == kOpaqueName)
    return Whiteout{.kind = Whiteout::Kind::opaque, .path = std::string(directory)};
  name.remove_prefix(kWhiteoutPrefix.size());
  if (name.empty() || name == "." || name == "..")
    return fail(Error(ErrorKind::integrity, fmt::format("the whiteout `{}` names nothing", path)));
  return Whiteout{.path = join(directory, name)};
}

Result<std::optional<std::string>> LayerMerge::add(const std::string& path, Node node) {
  if (path.empty()) return std::nullopt;
  TRY_ASSIGN(std::string place, canonical(path));
  TRY_ASSIGN(const auto whiteout, parse_whiteout(place));
  if (whiteout) {
    remove(*whiteout);
    return std::nullopt;
  }
  // A link that comes or goes, or a parent that stops being a directory, changes what paths mean.
  const Node* old = tree_.find(place);
  if (node.type == NodeType::symlink || (old != nullptr && old->type == NodeType::symlink) ||
      (node.type != NodeType::directory && canonical_parent_.starts_with(place)))
    parent_known_ = false;
  tree_.set(place, std::move(node));
  added_.insert(place);
  return place;
}

Result<std::string> LayerMerge::add_hardlink(const std::string& path, const std::string& target) {
  TRY_ASSIGN(const std::string source, tree_.canonical(target));
  const Node* found = tree_.find(source);
  if (found == nullptr || found->type == NodeType::directory)
    return fail(
        Error(ErrorKind::integrity,
              fmt::format("the hardlink `{}` leads to `{}`, which is no file", path, target)));
  TRY_ASSIGN(const auto place, add(path, Node(*found)));
  if (!place)
    return fail(Error(ErrorKind::integrity, fmt::format("the whiteout `{}` is a hardlink", path)));
  return *place;
}

Result<std::string> LayerMerge::canonical(const std::string& path) {
  const auto [directory, name] = split_last(path);
  if (!parent_known_ || directory != parent_) {
    TRY_ASSIGN(canonical_parent_, tree_.resolve(directory));
    const Node* node = tree_.find(canonical_parent_);
    if (node != nullptr && node->type != NodeType::directory)
      return fail(Error(ErrorKind::conflict,
                        fmt::format("`{}` cannot lie below `{}`, which is no directory", path,
                                    canonical_parent_)));
    parent_ = directory;
    parent_known_ = true;
  }
  return join(canonical_parent_, name);
}

void LayerMerge::remove(const Whiteout& whiteout) {
  const auto added_here = [this](const std::string& path) { return added_.contains(path); };
  if (whiteout.kind == Whiteout::Kind::opaque)
    tree_.remove_children(whiteout.path, added_here);
  else
    tree_.remove(whiteout.path, added_here);
  parent_known_ = false;
}

}  // namespace cogbuild::filetree
