#include "lfs_pointer.hpp"
#include "size_text.hpp"
#include "weights_file.hpp"

#include <cogbuild/project/dockerignore.hpp>
#include <cogbuild/project/listing.hpp>
#include <cogbuild/project/submodules.hpp>
#include <cogbuild/project/utf8.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace cogbuild::project {

const std::string_view kDefaultIgnore =
    "**/.git\n"
    "**/__pycache__\n"
    "**/.venv\n"
    "venv\n"
    ".cog\n"
    ".cogbuild\n";

namespace {

constexpr std::string_view kIgnoreFile = ".dockerignore";
constexpr std::string_view kToolDirectory = ".cog";  // at the root
constexpr std::uint64_t kMostCounted = 20'000;
constexpr std::uint64_t kLargestTextFile = std::uint64_t{1} << 20;

class Scanner {
 public:
  Scanner(const io::Tree& project, const ScanOptions& options)
      : project_(project), options_(options) {}

  Result<Listing> scan() {
    TRY_ASSIGN(const auto root, project_.list(""));
    TRY(read_root_files(root));
    TRY(walk("", root, {}));
    if (error_) return fail(*std::move(error_));
    std::ranges::sort(listing_.files, {}, &ProjectFile::path);
    std::ranges::sort(listing_.ignored.paths);
    std::ranges::sort(listing_.warnings);
    return std::move(listing_);
  }

 private:
  // A directory that the walk is in.
  struct Open {
    const std::string* path = nullptr;
    const io::TreeEntry* entry = nullptr;
    bool listed = false;
  };

  static bool has_file(const std::vector<io::TreeEntry>& root, std::string_view name) {
    const auto entry = std::ranges::find(root, name, &io::TreeEntry::name);
    return entry != root.end() && entry->type != io::FileType::directory;
  }

  Result<void> read_root_files(const std::vector<io::TreeEntry>& root) {
    listing_.has_dockerignore = has_file(root, kIgnoreFile);
    std::string rules(kDefaultIgnore);
    if (listing_.has_dockerignore) {
      TRY_ASSIGN(rules, project_.read(std::string(kIgnoreFile), kLargestTextFile));
    }
    TRY_ASSIGN(rules_, IgnoreRules::parse(rules, std::string(kIgnoreFile)));
    if (has_file(root, ".gitattributes")) {
      TRY_ASSIGN(const auto attributes, project_.read(".gitattributes", kLargestTextFile));
      lfs_ = LfsPointers(attributes.find("filter=lfs") != std::string::npos);
    }
    if (has_file(root, ".gitmodules")) submodules_ = submodule_paths(project_);
    return {};
  }

  Result<void> walk(const std::string& directory, const std::vector<io::TreeEntry>& entries,
                    const IgnoreRules::Matches& matches) {
    for (const io::TreeEntry& entry : entries) {
      const std::string path = directory.empty() ? entry.name : directory + "/" + entry.name;
      const auto own = rules_.match(path, matches);
      const bool ignored = path == kToolDirectory || rules_.ignores(own);
      if (entry.type == io::FileType::directory) {
        TRY(walk_directory(path, entry, own, ignored));
      } else if (ignored) {
        add_ignored(path, entry);
      } else {
        TRY(add_file(path, entry));
      }
    }
    return {};
  }

  Result<void> walk_directory(const std::string& path, const io::TreeEntry& entry,
                              const IgnoreRules::Matches& matches, bool ignored) {
    if (ignored && (path == kToolDirectory || !rules_.may_reinclude_below(path, matches))) {
      add_ignored(path, entry);
      return {};
    }
    TRY_ASSIGN(const auto entries, project_.list(path));
    open_.push_back({.path = &path, .entry = &entry});
    if (!ignored) {
      list_open_directories();
      warn_of_submodule(path, entries.empty());
    }
    TRY(walk(path, entries, matches));
    if (!open_.back().listed) ++listing_.ignored.count;  // nothing below came back
    open_.pop_back();
    return {};
  }

  // A directory that holds something listed is listed, even if it is ignored itself.
  void list_open_directories() {
    for (Open& directory : open_) {
      if (directory.listed) continue;
      directory.listed = true;
      add(*directory.path, *directory.entry, FileRole::code);
    }
  }

  void warn_of_submodule(const std::string& path, bool is_empty) {
    if (!is_empty || !std::ranges::binary_search(submodules_, path)) return;
    listing_.warnings.push_back(
        fmt::format("the submodule `{0}` is not checked out, its directory is empty: run `git "
                    "submodule update --init {0}`",
                    escape(path)));
  }

  Result<void> add_file(const std::string& path, const io::TreeEntry& entry) {
    if (entry.type == io::FileType::other) {
      listing_.warnings.push_back(
          fmt::format("`{}` is left out: it is a pipe, socket or device", escape(path)));
      return {};
    }
    list_open_directories();
    if (entry.type == io::FileType::symlink) {
      add(path, entry, FileRole::code);
      if (leaves_project(path, entry.link_target))
        listing_.warnings.push_back(
            fmt::format("`{}` is a symbolic link to `{}`, outside the project: it will dangle "
                        "unless the image has that path",
                        escape(path), escape(entry.link_target)));
      return {};
    }
    const std::uint64_t size = entry.stamp.size_bytes;
    add(path, entry, is_weights(path, size) ? FileRole::weights : FileRole::code);
    if (options_.allow_lfs_pointers || !lfs_.is_candidate(path, size)) return {};
    TRY_ASSIGN(auto pointer, LfsPointers::check(project_, path));
    if (pointer) report(*std::move(pointer));
    return {};
  }

  void add(const std::string& path, const io::TreeEntry& entry, FileRole role) {
    const std::string_view name = entry.name;
    for (std::size_t i = 0; i < name.size();) {
      const std::size_t length = utf8_length(name.substr(i));
      if (length == 0 || is_control(name[i])) {
        report(Error(ErrorKind::config,
                     fmt::format("the file name `{}` {}", escape(path),
                                 length == 0 ? "is not UTF-8 text" : "has a control character"))
                   .hint("rename the file, or leave it out with a line in .dockerignore"));
        return;
      }
      i += length;
    }
    listing_.files.push_back({.path = path,
                              .type = entry.type,
                              .executable = entry.executable,
                              .link_target = entry.link_target,
                              .stamp = entry.stamp,
                              .link_count = entry.link_count,
                              .role = role});
  }

  // By its text alone: links on the way are not followed. A target below /src, where the project
  // lies in the image, stays inside.
  static bool leaves_project(std::string_view path, std::string_view target) {
    if (target.starts_with('/')) return target != "/src" && !target.starts_with("/src/");
    std::ptrdiff_t depth = std::ranges::count(path, '/');
    while (!target.empty()) {
      const auto name = target.substr(0, target.find('/'));
      target.remove_prefix(std::min(name.size() + 1, target.size()));
      if (name == "..")
        --depth;
      else if (!name.empty() && name != ".")
        ++depth;
      if (depth < 0) return true;
    }
    return false;
  }

  void report(Error error) {
    if (error_)
      error_ = std::move(*error_).also(std::move(error));
    else
      error_ = std::move(error);
  }

  void add_ignored(const std::string& path, const io::TreeEntry& entry) {
    listing_.ignored.paths.push_back(path);
    if (entry.type == io::FileType::directory && !listing_.has_dockerignore) {
      count_below(path);
      return;
    }
    ++listing_.ignored.count;
    if (entry.type == io::FileType::regular) listing_.ignored.size_bytes += entry.stamp.size_bytes;
  }

  // Only for what the default list leaves out: the user did not ask for it and should learn how
  // much it is.
  void count_below(const std::string& directory) {
    Ignored& ignored = listing_.ignored;
    const auto entries = project_.list(directory);
    if (!entries) return;  // what cannot be read is left out all the same
    for (const io::TreeEntry& entry : *entries) {
      if (ignored.count >= kMostCounted) {
        ignored.at_least = true;
        return;
      }
      if (entry.type == io::FileType::directory) {
        count_below(directory + "/" + entry.name);
        continue;
      }
      ++ignored.count;
      if (entry.type == io::FileType::regular) ignored.size_bytes += entry.stamp.size_bytes;
    }
  }

  const io::Tree& project_;
  ScanOptions options_;
  IgnoreRules rules_{};
  LfsPointers lfs_{false};
  std::vector<std::string> submodules_{};
  Listing listing_{};
  std::vector<Open> open_{};
  std::optional<Error> error_{};
};

}  // namespace

Result<Listing> scan(const io::Tree& project, const ScanOptions& options) {
  return Scanner(project, options).scan();
}

std::string describe_ignored(const Listing& listing) {
  constexpr std::size_t kMostNames = 4;
  const Ignored& ignored = listing.ignored;
  if (listing.has_dockerignore || ignored.paths.empty()) return {};
  std::vector<std::string> names;
  for (const std::string& path : ignored.paths)
    names.push_back(escape(path.substr(path.rfind('/') + 1)));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const bool more = names.size() > kMostNames;
  if (more) names.resize(kMostNames);
  return fmt::format("left out {}{} file{} ({}) by default: {}{}",
                     ignored.at_least ? "more than " : "", ignored.count,
                     ignored.count == 1 ? "" : "s", size_text(ignored.size_bytes),
                     fmt::join(names, ", "), more ? ", …" : "");
}

}  // namespace cogbuild::project
