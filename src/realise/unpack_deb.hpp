#pragma once

#include <cogbuild/debian/deb_contents.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/filetree/file_tree.hpp>
#include <cogbuild/lock/system_lock.hpp>
#include <cogbuild/realise/packed_blob.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::realise {

// How a package's paths have to change on one base; usually in nothing.
struct BaseFit {
  // Directories of the package that the base has as links: path -> where they lie, sorted.
  std::vector<std::pair<std::string, std::string>> links{};
  // Links of the package where the base has directories, sorted: the directories stay, as with
  // dpkg.
  std::vector<std::string> omitted{};
  friend bool operator==(const BaseFit&, const BaseFit&) = default;
};

// Error: conflict, when the package has a file where the base has a directory, or the other way
// round.
Result<BaseFit> fit_to_base(const debian::DebContents& package, const filetree::FileTree& base);

// The contents as they lie on the base.
debian::DebContents fitted(debian::DebContents contents, const BaseFit& fit);

// Where the tar entries of a package's files go; directories are the layer's business.
struct DebTar {
  PackedBlob& blob;
  std::int64_t mtime_seconds = 0;
};

// Reads a .deb once. Into `tar`, when there is one, go its files and links in their order, then the
// files of dpkg's database that are the package's own (`var/lib/dpkg/info/NAME.*`), the lists among
// them without what was dropped. The contents returned are those of no base.
// Errors: integrity (damaged, another package than the lock says, a hard link to nothing),
// unsupported (devices, pipes; control files that cannot be read), conflict (two files of the
// package come to lie at one path), io.
Result<debian::DebContents> unpack_deb(const std::filesystem::path& deb,
                                       const lock::LockedDeb& package,
                                       const debian::UnpackRules& rules, const BaseFit& fit,
                                       const DebTar* tar);

// The directory of dpkg's database that the entries of `tar` lie in.
inline constexpr std::string_view kDpkgInfo = "var/lib/dpkg/info";

}  // namespace cogbuild::realise
