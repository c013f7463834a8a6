#pragma once

#include "../../src/configure/working_root.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace cogbuild::configure {

inline debian::DebEntry file_entry(std::string path) {
  return {.path = std::move(path), .type = debian::DebEntryType::file};
}

inline debian::DebEntry library_entry(std::string path, std::string soname) {
  return {.path = std::move(path),
          .type = debian::DebEntryType::file,
          .soname = std::move(soname),
          .loader_flags = 0x0303};
}

inline debian::DebEntry link_entry(std::string path, std::string target) {
  return {.path = std::move(path),
          .type = debian::DebEntryType::symlink,
          .mode = 0777,
          .link_target = std::move(target)};
}

// A package with these files and control files; its entries are sorted.
inline debian::DebContents package(std::string name, std::vector<debian::DebEntry> entries = {},
                                   std::vector<debian::NamedText> control = {}) {
  std::ranges::sort(entries, {}, &debian::DebEntry::path);
  debian::DebContents contents{.name = name, .version = "1", .architecture = "amd64"};
  contents.stanza = "Package: " + name + "\nVersion: 1\nArchitecture: amd64\nDescription: one\n";
  contents.control = std::move(control);
  contents.entries = std::move(entries);
  return contents;
}

// A root of merged directories, and what lies in it.
struct SampleRoot {
  filetree::FileTree tree{};
  std::map<std::string, std::string> files{};
  std::vector<debian::DebContents> packages{};
  Options options{};

  SampleRoot() {
    for (const auto* name : {"bin", "lib", "lib64", "sbin"})
      tree.set(name,
               {.type = filetree::NodeType::symlink, .link_target = std::string("usr/") + name});
  }
  void add_file(const std::string& path, std::string content) {
    tree.set(path, {});
    files[path] = std::move(content);
  }
  [[nodiscard]] Root root() const {
    return {.tree = tree, .files = files, .architecture = "amd64"};
  }
  [[nodiscard]] Result<Configuration> configured() const {
    return configure(packages, root(), options);
  }
};

inline const GeneratedFile* find_file(const Configuration& configuration, std::string_view path) {
  for (const auto& file : configuration.files)
    if (file.path == path) return &file;
  return nullptr;
}

// The content of a file or the target of a link; what is missing says so.
inline std::string content_of(const Result<Configuration>& configuration, std::string_view path) {
  if (!configuration) return render(configuration.error());
  const auto* file = find_file(*configuration, path);
  return file == nullptr ? "(absent)" : file->content;
}

}  // namespace cogbuild::configure
