#include "working_root.hpp"

#include "words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::configure {
namespace {

constexpr int kMaxLinks = 40;

// Relative, without control characters, `.`, `..` and doubled slashes.
bool is_plain(std::string_view path) {
  const bool printable = std::ranges::none_of(
      path, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  return printable && std::ranges::none_of(split(path, '/'), [](std::string_view part) {
           return part.empty() || part == "." || part == "..";
         });
}

std::string shown(std::string_view path) {
  std::string text(path);
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  return text;
}

}  // namespace

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
  // What is still to be walked, the next part last.
  std::vector<std::string> parts;
  const auto push = [&parts](std::string_view more) {
    const auto found = split(more, '/');
    parts.insert(parts.end(), found.rbegin(), found.rend());
  };
  push(path);
  std::string at;
  int links = 0;
  while (!parts.empty()) {
    const auto part = std::move(parts.back());
    parts.pop_back();
    if (part.empty() || part == ".") continue;
    const auto slash = at.rfind('/');
    if (part == "..") {
      at.resize(slash == std::string::npos ? 0 : slash);
      continue;
    }
    const auto parent = at.size();
    if (!at.empty()) at += '/';
    at += part;
    if (parts.empty()) break;  // the last one is not followed
    const auto* target = link_target(at);
    if (target == nullptr || ++links > kMaxLinks) continue;
    at.resize(target->starts_with('/') ? 0 : parent);
    push(*target);
  }
  return at;
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
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
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

bool WorkingRoot::has_place(std::string_view path) const {
  if (!is_plain(path)) return false;
  for (auto slash = path.rfind('/'); slash != std::string_view::npos;
       slash = path.substr(0, slash).rfind('/')) {
    const auto parent = path.substr(0, slash);
    if (exists(parent) && !is_directory(parent)) return false;
  }
  // A directory stays one, and so does the link to one that all of usr/ is reached by.
  const auto merged = merged_directories(root_.architecture);
  return std::ranges::find(merged, path) == merged.end() || options_.new_root ||
         root_.tree.find(path) == nullptr;
}

Configuration WorkingRoot::take() && {
  Configuration configuration;
  for (const auto& [path, file] : added_) {
    if (has_place(path))
      configuration.files.push_back(file);
    else
      warn(fmt::format("a maintainer script asks for `{}`, where nothing can lie", shown(path)));
  }
  std::ranges::sort(warnings_);
  warnings_.erase(std::unique(warnings_.begin(), warnings_.end()), warnings_.end());
  configuration.warnings = std::move(warnings_);
  return configuration;
}

}  // namespace cogbuild::configure
