#include "build_layer.hpp"

#include <fmt/format.h>

#include <map>

namespace cogbuild::realise {

namespace {

bool same_content(const WheelFile& a, const WheelFile& b) {
  if (a.member && b.member)
    return a.member->unpacked_bytes == b.member->unpacked_bytes &&
           a.member->crc32 == b.member->crc32 && a.expected == b.expected;
  return !a.member && !b.member && a.content == b.content;
}

std::string in_words(const lock::LockedDistribution& distribution) {
  return distribution.name + " " + distribution.version;
}

// Compares wheels' paths with the base's. Files of one directory mostly stand together, so what the
// base has of the last directory is remembered.
class BaseCheck {
 public:
  explicit BaseCheck(const filetree::FileTree& base) : base_(base) {}

  Result<void> check(const OpenedWheel& wheel, const WheelFile& file) {
    const auto slash = file.path.rfind('/');
    const auto directory = std::string_view(file.path).substr(0, slash);
    if (slash != std::string::npos && (directory != directory_ || directory_.empty())) {
      TRY(check_parents(wheel, file, slash));
      directory_ = directory;
      base_has_directory_ = base_.find(directory_) != nullptr;
    }
    if (slash != std::string::npos && !base_has_directory_) return {};
    const auto* node = base_.find(file.path);
    if (node == nullptr || node->type != filetree::NodeType::directory) return {};
    return fail(
        Error(ErrorKind::conflict, fmt::format("{} has a file `/{}` where the base has a directory",
                                               in_words(*wheel.distribution), file.path)));
  }

 private:
  Result<void> check_parents(const OpenedWheel& wheel, const WheelFile& file,
                             std::string::size_type slash) const {
    for (; slash != std::string::npos && slash > 0; slash = file.path.rfind('/', slash - 1)) {
      const auto* parent = base_.find(file.path.substr(0, slash));
      if (parent == nullptr) continue;
      if (parent->type == filetree::NodeType::directory) break;
      return fail(Error(ErrorKind::conflict,
                        fmt::format("{} needs a directory `/{}` where the base has something else",
                                    in_words(*wheel.distribution), file.path.substr(0, slash))));
    }
    return {};
  }

  const filetree::FileTree& base_;
  std::string directory_{};
  bool base_has_directory_ = false;
};

struct Owner {
  const OpenedWheel* wheel = nullptr;
  const WheelFile* file = nullptr;
};
using Owners = std::map<std::string_view, Owner>;

// No wheel may have a file where another needs a directory.
Result<void> check_directories(const Owners& owners) {
  std::string_view checked;
  for (const auto& [path, owner] : owners) {
    auto slash = path.rfind('/');
    // Files of one directory mostly stand together.
    if (slash == std::string_view::npos || path.substr(0, slash) == checked) continue;
    checked = path.substr(0, slash);
    for (auto end = slash; end != std::string_view::npos && end > 0;
         end = path.rfind('/', end - 1)) {
      const auto file = owners.find(path.substr(0, end));
      if (file == owners.end()) continue;
      return fail(Error(ErrorKind::conflict,
                        fmt::format("{} has a file `/{}`, of which {} needs a directory",
                                    in_words(*file->second.wheel->distribution), file->first,
                                    in_words(*owner.wheel->distribution)))
                      .hint("remove one of the two from the requirements"));
    }
  }
  return {};
}

}  // namespace

Result<void> check_conflicts(const OpenedWheels& wheels, const filetree::FileTree& base) {
  Owners owners;
  BaseCheck base_check(base);
  std::map<std::pair<const OpenedWheel*, const OpenedWheel*>, std::vector<std::string>> clashes;
  for (const auto& wheel_pointer : wheels) {
    const OpenedWheel& wheel = *wheel_pointer;
    for (const auto& file : wheel.layout.files) {
      TRY(base_check.check(wheel, file));
      // Within a wheel paths ascend: the end is the likely place.
      const auto before = owners.size();
      const auto owner = owners.try_emplace(owners.end(), file.path, Owner{&wheel, &file});
      if (owners.size() == before && !same_content(*owner->second.file, file))
        clashes[{owner->second.wheel, &wheel}].push_back(file.path);
    }
  }
  if (clashes.empty()) return check_directories(owners);
  const auto& [pair, paths] = *clashes.begin();
  std::string listed;
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(paths.size(), kShown); ++i)
    listed += (i == 0 ? "`/" : ", `/") + paths[i] + "`";
  if (paths.size() > kShown) listed += fmt::format(" and {} more", paths.size() - kShown);
  return fail(Error(ErrorKind::conflict,
                    fmt::format("{} and {} both own {}", in_words(*pair.first->distribution),
                                in_words(*pair.second->distribution), listed))
                  .hint("remove one of the two from the requirements; installed together, the last "
                        "one would silently win"));
}

}  // namespace cogbuild::realise
