#include "library_links.hpp"

#include "ld_so_cache.hpp"
#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace cogbuild::configure {
namespace {

constexpr std::string_view kCache = "etc/ld.so.cache";
constexpr int kMaxIncludeDepth = 8;

// `*` and `?` of glob(7) within one component.
bool matches(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= name.size(); ++skip)
      if (matches(pattern.substr(1), name.substr(skip))) return true;
    return false;
  }
  if (name.empty() || (pattern.front() != '?' && pattern.front() != name.front())) return false;
  return matches(pattern.substr(1), name.substr(1));
}

// ld.so.conf(5): a directory a line; `include GLOB`; `#` begins a comment.
void read_conf(const WorkingRoot& root, std::string_view path, int depth,
               std::vector<std::string>& directories) {
  const auto* text = root.read(path);
  if (text == nullptr || depth > kMaxIncludeDepth) return;
  for (std::string_view rest = *text; !rest.empty();) {
    auto line = next_line(rest);
    line = trim(line.substr(0, line.find('#')));
    if (line.starts_with("include") && line.size() > 7 && is_blank(line[7])) {
      for (const auto glob : words(line.substr(7))) {
        const auto full =
            glob.starts_with('/') ? std::string(glob.substr(1)) : fmt::format("etc/{}", glob);
        const auto slash = full.rfind('/');
        if (slash == std::string::npos) continue;
        const auto pattern = std::string_view(full).substr(slash + 1);
        if (pattern.size() > 100) continue;
        for (const auto& file : root.kept_below(full.substr(0, slash))) {
          const auto name = std::string_view(file).substr(slash + 1);
          if (name.find('/') == std::string_view::npos && !name.starts_with('.') &&
              matches(pattern, name))
            read_conf(root, file, depth + 1, directories);
        }
      }
    } else if (line.starts_with('/')) {
      line = trim(line.substr(0, line.find('=')));  // `=libc6` of old
      while (line.size() > 1 && line.ends_with('/')) line.remove_suffix(1);
      directories.emplace_back(line);
    }
  }
}

bool is_library_name(std::string_view name) {
  if (!name.starts_with("lib") && !name.starts_with("ld-") && !name.starts_with("ld.so."))
    return false;
  if (name.ends_with(".dpkg-new") || name.ends_with(".dpkg-tmp") || name.ends_with("-gdb.py"))
    return false;
  return name.find(".so") != std::string_view::npos;
}

std::uint32_t loader_flags(std::string_view architecture) {
  if (architecture == "amd64") return 0x0303;
  if (architecture == "arm64") return 0x0a03;
  return 0;
}

// What a name in a library directory is.
struct Library {
  std::string name{};    // of the file or link
  std::string soname{};  // empty: not known
  std::uint32_t flags = 0;
  bool is_link = false;
};

// Where a path leads, links followed.
std::string followed(const WorkingRoot& root, std::string_view path) {
  return root.canonical(fmt::format("{}/", path));
}

// The library at a path, links followed; nothing where there is none that the linker would load.
std::optional<Library> find_library(const WorkingRoot& root, const std::string& path) {
  Library library{.name = path.substr(path.rfind('/') + 1),
                  .is_link = root.link_target(path) != nullptr};
  const auto place = followed(root, path);
  const auto* entry = root.shipped(place);
  if (entry != nullptr && entry->type == debian::DebEntryType::hardlink)
    entry = root.shipped(entry->link_target);
  if (entry != nullptr) {
    library.soname = entry->soname;
    library.flags = entry->loader_flags;
  } else if (const auto* node = root.root().tree.find(place);
             node != nullptr && node->type == filetree::NodeType::file) {
    // A link onto a library of the root.
    library.flags = loader_flags(root.root().architecture);
  }
  if (library.flags == 0) return std::nullopt;
  return library;
}

// As ldconfig sees it: a link counts as one when it is named for its soname, or is the `.so` that
// compilers look for; else as one more file of that soname.
void settle_name(Library& library) {
  if (library.soname.empty()) library.soname = library.name;
  if (!library.is_link) return;
  const bool for_compilers =
      library.name.ends_with(".so") && library.soname.starts_with(library.name);
  library.is_link = library.name == library.soname || for_compilers;
  if (library.is_link) library.soname = library.name;
}

// Names of new files by their directory.
using NamesByDirectory = std::map<std::string, std::set<std::string>, std::less<>>;

NamesByDirectory new_names(const WorkingRoot& root) {
  NamesByDirectory names;
  const auto add = [&names](std::string_view path) {
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos || !is_library_name(path.substr(slash + 1))) return;
    names[std::string(path.substr(0, slash))].emplace(path.substr(slash + 1));
  };
  for (const auto* package : root.packages())
    for (const auto& entry : package->entries)
      if (entry.type != debian::DebEntryType::directory) add(entry.path);
  for (const auto& [path, file] : root.added())
    if (file.type == FileType::symlink) add(path);
  return names;
}

// By soname: a file before a link, then the highest version.
std::map<std::string, Library> new_libraries(const WorkingRoot& root, std::string_view directory,
                                             const std::set<std::string>& names) {
  std::map<std::string, Library> chosen;
  for (const auto& name : names) {
    auto library = find_library(root, fmt::format("{}/{}", directory, name));
    if (!library) continue;
    settle_name(*library);
    const auto [at, is_new] = chosen.try_emplace(library->soname, *library);
    if (is_new) continue;
    Library& other = at->second;
    if ((!library->is_link && other.is_link) ||
        (library->is_link == other.is_link && compare_library_names(other.name, name) < 0))
      other = *std::move(library);
  }
  return chosen;
}

// Whether nothing, or a link to something else, lies where the link to a library goes.
bool needs_link(const WorkingRoot& root, const std::string& link, const std::string& library) {
  if (root.link_target(link) == nullptr) return !root.exists(link);
  return followed(root, link) != followed(root, library);
}

}  // namespace

std::vector<std::string> library_directories(const WorkingRoot& root) {
  std::vector<std::string> written;
  read_conf(root, "etc/ld.so.conf", 0, written);
  // Debian's linker has its multiarch directories built in.
  const auto triplet = root.root().architecture == "amd64"   ? "x86_64-linux-gnu"
                       : root.root().architecture == "arm64" ? "aarch64-linux-gnu"
                                                             : "";
  if (*triplet != '\0') {
    written.push_back(fmt::format("/lib/{}", triplet));
    written.push_back(fmt::format("/usr/lib/{}", triplet));
  }
  written.emplace_back("/lib");
  written.emplace_back("/usr/lib");

  std::vector<std::string> directories;
  std::set<std::string> seen;
  for (auto& directory : written)
    if (seen.insert(followed(root, directory)).second) directories.push_back(std::move(directory));
  return directories;
}

Result<void> write_library_links(WorkingRoot& root) {
  std::vector<CacheEntry> before;
  if (const auto* cache = root.root().files.contains(std::string(kCache))
                              ? &root.root().files.at(std::string(kCache))
                              : nullptr) {
    TRY_ASSIGN(before, read_ld_so_cache(*cache, kCache));
  }
  const auto names = new_names(root);
  std::vector<CacheEntry> entries;
  const auto take_before = [&](std::string_view directory, const auto& replaced) {
    const auto canonical = followed(root, directory);
    for (auto& entry : before) {
      if (entry.path.empty()) continue;
      const auto path = root.canonical(entry.path);
      const auto slash = path.rfind('/');
      auto parent =
          slash == std::string::npos ? std::string_view{} : std::string_view(path).substr(0, slash);
      if (!entry.hwcaps.empty())
        if (const auto at = parent.find("/glibc-hwcaps/"); at != std::string_view::npos)
          parent = parent.substr(0, at);
      if (parent != canonical) continue;
      if (root.exists(path) && (!entry.hwcaps.empty() || !replaced.contains(entry.soname)))
        entries.push_back(entry);
      entry.path.clear();
    }
  };
  for (const auto& directory : library_directories(root)) {
    const auto canonical = followed(root, directory);
    std::map<std::string, Library> libraries;
    if (const auto at = names.find(canonical); at != names.end())
      libraries = new_libraries(root, canonical, at->second);
    for (const auto& [soname, library] : libraries) {
      const auto link = fmt::format("{}/{}", canonical, soname);
      if (!library.is_link && library.name != soname &&
          needs_link(root, link, fmt::format("{}/{}", canonical, library.name)))
        root.add_link(link, library.name);
      entries.push_back({.soname = soname,
                         .path = fmt::format("{}/{}", directory, soname),
                         .flags = library.flags});
    }
    take_before(directory, libraries);
  }
  // What the root's cache has of directories that ld.so.conf no longer names.
  for (auto& entry : before)
    if (!entry.path.empty() && root.exists(root.canonical(entry.path)))
      entries.push_back(std::move(entry));
  root.add_file(std::string(kCache), write_ld_so_cache(std::move(entries)));
  return {};
}

}  // namespace cogbuild::configure
