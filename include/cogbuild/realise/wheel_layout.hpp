#pragma once

#include <cogbuild/archive/zip_directory.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/plan/image_plan.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::realise {

// One file of an installed wheel, as it will lie in the image.
struct WheelFile {
  std::string path{};  // canonical, without leading slash
  bool executable = false;
  const archive::ZipMember* member = nullptr;  // of the wheel's directory: its content; otherwise:
  std::string content{};
  std::optional<digest::Digest> expected{};  // what RECORD promises of a member's content
  [[nodiscard]] std::uint64_t size_bytes() const {
    return member ? member->unpacked_bytes : content.size();
  }
};

struct WheelLayout {
  std::vector<WheelFile> files{};  // sorted by path, no path twice
  std::uint64_t unpacked_bytes = 0;
  std::vector<std::string> warnings{};
};

// Where every file of a wheel goes, as long as `wheel` lives; Binary distribution format,
// "Installing a wheel", with the choices of spec/python.md, section 6: scripts and entry points get
// the scheme's interpreter, bytecode is dropped, RECORD is written anew, INSTALLER is `cogbuild`,
// REQUESTED is left out (it would make a wheel's layer depend on who asked for it). Each name that
// the distribution stands for gets a distribution of metadata alone beside it. Errors: integrity (a
// wheel that contradicts its name or RECORD), unsupported (a Wheel-Version or .data key of the
// future), conflict (a script named like an interpreter).
Result<WheelLayout> lay_out_wheel(const archive::ZipDirectory& wheel,
                                  const lock::LockedDistribution& distribution,
                                  const plan::InstallScheme& scheme);

// `path` with the longest leading directory that the base has as a symlink replaced by its target.
std::string through_links(std::string_view path,
                          const std::vector<std::pair<std::string, std::string>>& links);

}  // namespace cogbuild::realise
