#pragma once

#include <cogbuild/debian/deb_contents.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/file_tree.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// What the maintainer scripts of packages would do to a root, done natively.
namespace cogbuild::configure {

// The root that the packages are unpacked onto.
struct Root {
  const filetree::FileTree& tree;
  // Contents of the files that base::is_kept_file names, by path; what is not there is absent.
  const std::map<std::string, std::string>& files;
  std::string architecture{};  // Debian's: `amd64`, `arm64`
};

struct Options {
  // Packages whose scripts are known not to matter here, by the user's word.
  std::vector<std::string> skip_scripts{};
  // A base composed anew: the root's first files too (passwd, nsswitch.conf, merged links, …).
  bool new_root = false;
  friend bool operator==(const Options&, const Options&) = default;
};

enum class FileType : std::uint8_t { file, directory, symlink };

struct GeneratedFile {
  std::string path{};  // canonical, without leading slash
  FileType type = FileType::file;
  std::uint32_t mode = 0644;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string content{};  // or the link's target
  friend bool operator==(const GeneratedFile&, const GeneratedFile&) = default;
};

struct Configuration {
  std::vector<GeneratedFile> files{};   // sorted by path, no path twice; replaces what lies below
  std::vector<std::string> warnings{};  // what was left out and may be missed
};

// Everything that configuring `packages` (all that are unpacked above the root, in any order)
// leaves behind: dpkg's status, alternatives, users and groups, ld.so.cache, the CA bundle with its
// hash links, files made from templates. A function of its arguments: the same bytes in any order
// of packages, on any machine. Error: unsupported, naming every package whose scripts do more than
// is known, with what they do; conflict; config (a damaged database of the root).
Result<Configuration> configure(std::span<const debian::DebContents> packages, const Root& root,
                                const Options& options);

// Joins the key of whatever holds the result: changes when the rules do.
inline constexpr int kRulesVersion = 2;

}  // namespace cogbuild::configure
