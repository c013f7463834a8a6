#include "window_warnings.hpp"

#include "text_lines.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/project/utf8.hpp>
#include <cogbuild/project/window_calls.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cogbuild::build {

namespace {

constexpr std::uint64_t kLargestBytes = std::uint64_t{1} << 20U;
constexpr std::size_t kShown = 20;

bool is_headless(const std::string& name) { return name.ends_with("-headless"); }

// Whether somebody asked for a build with windows and got one without.
bool lost_windows(const lock::Lock& lock) {
  return std::ranges::any_of(lock.distributions, [](const auto& distribution) {
    const bool asked_for_windows =
        (!distribution.replaces.empty() && !is_headless(distribution.replaces)) ||
        std::ranges::any_of(distribution.stands_for,
                            [](const auto& name) { return !is_headless(name); });
    return distribution.name.starts_with("opencv-") && is_headless(distribution.name) &&
           asked_for_windows;
  });
}

std::vector<const project::ProjectFile*> python_files(const project::Listing& listing) {
  std::vector<const project::ProjectFile*> files;
  for (const auto& file : listing.files)
    if (file.type == io::FileType::regular && file.role == project::FileRole::code &&
        file.stamp.size_bytes <= kLargestBytes && file.path.ends_with(".py"))
      files.push_back(&file);
  return files;
}

std::string describe(const std::string& path, const project::WindowCall& call) {
  const bool opens =
      call.function == "imshow" || call.function == "namedWindow" || call.function == "selectROI";
  return fmt::format("{}:{}:{}: `cv2.{}` {}; --no-opencv-headless keeps the build that can",
                     project::escape(path), call.line, call.column, call.function,
                     opens ? "opens a window, which the headless build cannot"
                           : "needs a window, which the headless build cannot open");
}

}  // namespace

Result<std::vector<std::string>> warn_of_window_calls(const Project& project,
                                                      const lock::Lock& lock, Services& services) {
  if (!lost_windows(lock)) return std::vector<std::string>();
  const auto files = python_files(project.listing);
  digest::Hasher hasher;
  for (const auto* file : files) {
    const auto content = project.contents.find(file->path);
    if (content == project.contents.end()) continue;
    hasher.update(file->path);
    hasher.update(content->second.hex());
  }
  const std::string key = "windows 1:" + hasher.finish().hex();
  TRY_ASSIGN(const auto known, services.keys.get(store::Table::file, key));
  if (known) return text_lines(*known);

  std::vector<std::string> warnings;
  std::size_t more = 0;
  for (const auto* file : files) {
    TRY_ASSIGN(const std::string text, io::read_file(project.root / file->path));
    for (const auto& call : project::find_window_calls(text)) {
      if (warnings.size() < kShown)
        warnings.push_back(describe(file->path, call));
      else
        ++more;
    }
  }
  if (more > 0)
    warnings.push_back(
        fmt::format("{} more calls need a window, which the headless OpenCV cannot open", more));
  TRY(services.keys.put(store::Table::file, key, fmt::format("{}", fmt::join(warnings, "\n"))));
  return warnings;
}

}  // namespace cogbuild::build
