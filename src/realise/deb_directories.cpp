#include "deb_directories.hpp"

#include <map>
#include <optional>
#include <string_view>

namespace cogbuild::realise {

namespace {

using Attributes = std::optional<plan::DirectoryAttributes>;
using Directories = std::map<std::string, Attributes, std::less<>>;

void add_parents(Directories& directories, std::string_view path) {
  for (auto slash = path.rfind('/'); slash != std::string_view::npos;
       slash = path.rfind('/', slash - 1))
    if (!directories.try_emplace(std::string(path.substr(0, slash))).second) return;
}

}  // namespace

std::vector<plan::DirectoryAttributes> directories_of(
    const std::vector<const debian::DebContents*>& packages, const std::vector<std::string>& paths,
    const filetree::FileTree& base) {
  Directories directories;
  for (const auto* package : packages) {
    for (const auto& entry : package->entries) {
      add_parents(directories, entry.path);
      if (entry.type != debian::DebEntryType::directory || entry.path.empty()) continue;
      auto& attributes = directories[entry.path];
      if (!attributes)
        attributes = {.path = entry.path, .mode = entry.mode, .uid = entry.uid, .gid = entry.gid};
    }
  }
  for (const auto& path : paths) add_parents(directories, path);

  std::vector<plan::DirectoryAttributes> listed;
  listed.reserve(directories.size());
  for (auto& [path, attributes] : directories) {
    const auto* node = base.find(path);
    if (node != nullptr && node->type == filetree::NodeType::directory)
      listed.push_back({.path = path, .mode = node->mode, .uid = node->uid, .gid = node->gid});
    else
      listed.push_back(attributes.value_or(plan::DirectoryAttributes{.path = path}));
  }
  return listed;
}

}  // namespace cogbuild::realise
