#pragma once

#include <cogbuild/configure/configure.hpp>

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogbuild::configure {

struct Ownership {
  std::uint32_t mode = 0644;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

// The root with the packages unpacked onto it, and what configuring has added so far: looking up
// sees all three, the newest first. Borrows packages and root. Paths have no leading slash, save
// where said.
class WorkingRoot {
 public:
  WorkingRoot(std::span<const debian::DebContents> packages, const Root& root,
              const Options& options);

  // Sorted by name.
  [[nodiscard]] std::span<const debian::DebContents* const> packages() const { return packages_; }
  [[nodiscard]] const debian::DebContents* package(std::string_view name) const;
  [[nodiscard]] const Root& root() const { return root_; }
  [[nodiscard]] const Options& options() const { return options_; }

  // Where a path lies once the links among its directories are followed: `usr/bin/x` for `/bin/x`
  // where `bin` is a link into usr/. What it names itself is followed when a slash stands behind.
  [[nodiscard]] std::string canonical(std::string_view path) const;
  // Whether anything lies at a canonical path; links are not followed.
  [[nodiscard]] bool exists(std::string_view path) const;
  // Whether some package ships it; null: none does.
  [[nodiscard]] const debian::DebEntry* shipped(std::string_view path) const;
  [[nodiscard]] bool is_directory(std::string_view path) const;
  // The content of a file, as far as it was kept; null: absent, or not known.
  [[nodiscard]] const std::string* read(std::string_view path) const;
  // Of the link at a canonical path; null: there is none.
  [[nodiscard]] const std::string* link_target(std::string_view path) const;
  // Canonical paths below a directory, of kept files and generated ones, sorted.
  [[nodiscard]] std::vector<std::string> kept_below(std::string_view directory) const;

  // Each replaces what was added there before.
  void add_file(std::string path, std::string content, Ownership ownership = {});
  void add_link(std::string path, std::string target);
  void add_directory(std::string path, Ownership ownership = {.mode = 0755});
  // The same where nothing lies yet.
  void add_missing_file(std::string path, std::string content, Ownership ownership = {});
  void add_missing_link(std::string path, std::string target);
  void add_missing_directory(std::string path, Ownership ownership = {.mode = 0755});
  void warn(std::string warning);
  [[nodiscard]] const std::map<std::string, GeneratedFile, std::less<>>& added() const {
    return added_;
  }

  // What was added and has a place, sorted; warnings in the order of their text, none twice.
  Configuration take() &&;

 private:
  // Whether a file can be added there: its parents are directories.
  [[nodiscard]] bool has_place(std::string_view path) const;

  std::vector<const debian::DebContents*> packages_{};
  const Root& root_;
  const Options& options_;
  std::unordered_map<std::string_view, const debian::DebEntry*> entries_{};
  std::map<std::string_view, const std::string*> contents_{};
  std::map<std::string, GeneratedFile, std::less<>> added_{};
  std::vector<std::string> warnings_{};
};

// The directories that every supported suite merges into usr/, on this architecture.
std::vector<std::string_view> merged_directories(std::string_view architecture);

}  // namespace cogbuild::configure
