#include "working_root.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::configure {

std::vector<std::string_view> merged_directories(std::string_view architecture) {
  if (architecture == "amd64") return {"bin", "lib", "lib64", "sbin"};
  return {"bin", "lib", "sbin"};
}

WorkingRoot::WorkingRoot(std::span<const debian::DebContents> packages, const Root& root,
                         const Options& options)
    : root_(root), options_(options) {
  std::size_t entries = 0;
  for (const auto& package : packages) {
    packages_.push_back(&package);
    entries += package.entries.size();
  }
  std::ranges::sort(packages_, [](const auto* a, const auto* b) {
    return std::tie(a->name, a->architecture) < std::tie(b->name, b->architecture);
  });
  entries_.reserve(entries);
  for (const auto* package : packages_) {
    for (const auto& entry : package->entries) {
      auto [at, is_new] = entries_.emplace(entry.path, &entry);
      // A directory that two packages ship says less than a file or link.
      if (!is_new && at->second->type == debian::DebEntryType::directory) at->second = &entry;
    }
    for (const auto& content : package->contents) contents_[content.name] = &content.content;
  }
}

const debian::DebContents* WorkingRoot::package(std::string_view name) const {
  const auto at = std::ranges::lower_bound(packages_, name, {},
                                           [](const auto* p) { return std::string_view(p->name); });
  return at != packages_.end() && (*at)->name == name ? *at : nullptr;
}

std::string WorkingRoot::canonical(std::string_view path) const {
  while (path.starts_with('/')) path.remove_prefix(1);
  static constexpr std::array<std::string_view, 6> kMergeable{"bin",   "sbin",  "lib",
                                                              "lib32", "lib64", "libx32"};
  const auto first = path.substr(0, path.find('/'));
  if (first.size() == path.size() || std::ranges::find(kMergeable, first) == kMergeable.end())
    return std::string(path);
  if (const auto* target = link_target(first);
      target != nullptr &&
      (*target == fmt::format("usr/{}", first) || *target == fmt::format("/usr/{}", first)))
    return fmt::format("usr/{}", path);
  return std::string(path);
}

const debian::DebEntry* WorkingRoot::shipped(std::string_view path) const {
  const auto at = entries_.find(path);
  return at == entries_.end() ? nullptr : at->second;
}

bool WorkingRoot::exists(std::string_view path) const {
  return added_.contains(path) || entries_.contains(path) || root_.tree.find(path) != nullptr ||
         root_.tree.is_directory(path);
}

bool WorkingRoot::is_directory(std::string_view path) const {
  if (const auto at = added_.find(path); at != added_.end())
    return at->second.type == FileType::directory;
  if (const auto* entry = shipped(path)) return entry->type == debian::DebEntryType::directory;
  return root_.tree.is_directory(path);
}

const std::string* WorkingRoot::link_target(std::string_view path) const {
  if (const auto at = added_.find(path); at != added_.end())
    return at->second.type == FileType::symlink ? &at->second.content : nullptr;
  if (const auto* entry = shipped(path); entry != nullptr)
    return entry->type == debian::DebEntryType::symlink ? &entry->link_target : nullptr;
  if (const auto* node = root_.tree.find(path);
      node != nullptr && node->type == filetree::NodeType::symlink)
    return &node->link_target;
  return nullptr;
}

const std::string* WorkingRoot::read(std::string_view path) const {
  if (const auto at = added_.find(path); at != added_.end())
    return at->second.type == FileType::file ? &at->second.content : nullptr;
  if (const auto at = contents_.find(path); at != contents_.end()) return at->second;
  if (entries_.contains(path)) return nullptr;
  const auto at = root_.files.find(std::string(path));
  return at == root_.files.end() ? nullptr : &at->second;
}

std::vector<std::string> WorkingRoot::kept_below(std::string_view directory) const {
  const auto prefix = fmt::format("{}/", directory);
  std::vector<std::string> paths;
  const auto collect = [&](const auto& map, const auto& from) {
    for (auto at = map.lower_bound(from); at != map.end() && at->first.starts_with(prefix); ++at)
      paths.emplace_back(at->first);
  };
  collect(added_, prefix);
  collect(contents_, std::string_view(prefix));
  collect(root_.files, prefix);
  std::ranges::sort(paths);
  const auto rest = std::ranges::unique(paths);
  paths.erase(rest.begin(), rest.end());
  std::erase_if(paths, [&](const std::string& path) { return read(path) == nullptr; });
  return paths;
}

void WorkingRoot::add_file(std::string path, std::string content, Ownership ownership) {
  added_[path] = {.path = path,
                  .type = FileType::file,
                  .mode = ownership.mode,
                  .uid = ownership.uid,
                  .gid = ownership.gid,
                  .content = std::move(content)};
}

void WorkingRoot::add_link(std::string path, std::string target) {
  added_[path] = {
      .path = path, .type = FileType::symlink, .mode = 0777, .content = std::move(target)};
}

void WorkingRoot::add_directory(std::string path, Ownership ownership) {
  added_[path] = {.path = path,
                  .type = FileType::directory,
                  .mode = ownership.mode,
                  .uid = ownership.uid,
                  .gid = ownership.gid};
}

void WorkingRoot::add_missing_file(std::string path, std::string content, Ownership ownership) {
  if (!exists(path)) add_file(std::move(path), std::move(content), ownership);
}

void WorkingRoot::add_missing_link(std::string path, std::string target) {
  if (!exists(path)) add_link(std::move(path), std::move(target));
}

void WorkingRoot::add_missing_directory(std::string path, Ownership ownership) {
  if (!exists(path)) add_directory(std::move(path), ownership);
}

void WorkingRoot::warn(std::string warning) { warnings_.push_back(std::move(warning)); }

Configuration WorkingRoot::take() && {
  Configuration configuration;
  for (auto& [path, file] : added_) configuration.files.push_back(std::move(file));
  std::ranges::sort(warnings_);
  const auto rest = std::ranges::unique(warnings_);
  warnings_.erase(rest.begin(), rest.end());
  configuration.warnings = std::move(warnings_);
  return configuration;
}

}  // namespace cogbuild::configure
