#include "unpack_deb.hpp"

#include <cogbuild/realise/wheel_layout.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string_view>

namespace cogbuild::realise {

namespace {

using filetree::NodeType;

// Every directory that the package has or needs, without the root.
std::set<std::string> directories_of(const debian::DebContents& package) {
  std::set<std::string> directories;
  std::string_view last;
  for (const auto& entry : package.entries) {
    const auto slash = entry.path.rfind('/');
    const bool is_directory = entry.type == debian::DebEntryType::directory;
    if (is_directory && !entry.path.empty()) directories.insert(entry.path);
    if (slash == std::string::npos) continue;
    // Files of one directory mostly stand together.
    const auto parent = std::string_view(entry.path).substr(0, slash);
    if (parent == last) continue;
    last = parent;
    for (auto end = slash; end != std::string::npos; end = entry.path.rfind('/', end - 1))
      if (!directories.insert(entry.path.substr(0, end)).second) break;
  }
  return directories;
}

}  // namespace

Result<BaseFit> fit_to_base(const debian::DebContents& package, const filetree::FileTree& base) {
  BaseFit fit;
  if (base.entries().empty()) return fit;
  for (const auto& directory : directories_of(package)) {
    TRY_ASSIGN(auto resolved, base.resolve(directory));
    const auto* node = base.find(resolved);
    if (node != nullptr && node->type != NodeType::directory)
      return fail(
          Error(ErrorKind::conflict,
                fmt::format("{} {} needs a directory `/{}` where the base has something else",
                            package.name, package.version, directory)));
    if (resolved != directory) fit.links.emplace_back(directory, std::move(resolved));
  }
  for (const auto& entry : package.entries) {
    if (entry.type == debian::DebEntryType::directory) continue;
    const auto path = fit.links.empty() ? entry.path : through_links(entry.path, fit.links);
    const auto* node = base.find(path);
    if (node == nullptr) continue;
    // All of usr/ is reached by such a link.
    if (node->type == NodeType::symlink && path.find('/') == std::string::npos &&
        base.is_directory(base.resolve(path).value_or(path)) &&
        node->link_target != entry.link_target)
      return fail(
          Error(ErrorKind::conflict,
                fmt::format("{} {} has a file `/{}` where the base has a link to a directory",
                            package.name, package.version, path)));
    if (node->type != NodeType::directory) continue;
    if (entry.type != debian::DebEntryType::symlink)
      return fail(Error(ErrorKind::conflict,
                        fmt::format("{} {} has a file `/{}` where the base has a directory",
                                    package.name, package.version, path)));
    fit.omitted.push_back(entry.path);
  }
  return fit;
}

debian::DebContents fitted(debian::DebContents contents, const BaseFit& fit) {
  if (fit == BaseFit{}) return contents;
  std::erase_if(contents.entries, [&](const debian::DebEntry& entry) {
    return std::ranges::binary_search(fit.omitted, entry.path);
  });
  for (auto& entry : contents.entries) {
    std::string path = through_links(entry.path, fit.links);
    // `path` of a linked directory itself becomes the link's target.
    const auto link = std::ranges::lower_bound(fit.links, entry.path, {},
                                               &std::pair<std::string, std::string>::first);
    if (link != fit.links.end() && link->first == entry.path) path = link->second;
    if (path != entry.path && entry.shipped.empty()) entry.shipped = entry.path;
    entry.path = std::move(path);
    if (entry.type == debian::DebEntryType::hardlink)
      entry.link_target = through_links(entry.link_target, fit.links);
  }
  for (auto* texts : {&contents.contents, &contents.conffiles})
    for (auto& text : *texts) text.name = through_links(text.name, fit.links);
  std::ranges::sort(contents.entries, {}, &debian::DebEntry::path);
  std::ranges::sort(contents.contents, {}, &debian::NamedText::name);
  std::ranges::sort(contents.conffiles, {}, &debian::NamedText::name);
  return contents;
}

}  // namespace cogbuild::realise
