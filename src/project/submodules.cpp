#include <cogbuild/project/submodules.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace cogbuild::project {

namespace {

std::string_view trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// The value of a line `path = value`; empty for any other line.
std::string_view path_value(std::string_view line) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos || trim(line.substr(0, equals)) != "path") return {};
  auto value = trim(line.substr(equals + 1));
  if (value.size() >= 2 && value.starts_with('"') && value.ends_with('"'))
    value = value.substr(1, value.size() - 2);
  while (value.ends_with('/')) value.remove_suffix(1);
  return value;
}

}  // namespace

std::vector<std::string> submodule_paths(const io::Tree& project) {
  constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 20;
  const auto text = project.read(".gitmodules", kLargestFile);
  if (!text) return {};
  std::vector<std::string> paths;
  for (std::string_view rest = *text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (const auto path = path_value(rest.substr(0, end)); !path.empty()) paths.emplace_back(path);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::ranges::sort(paths);
  return paths;
}

std::optional<std::string> submodule_of(const io::Tree& project, const std::string& path) {
  for (const std::string& submodule : submodule_paths(project))
    if (path == submodule || path.starts_with(submodule + "/")) return submodule;
  return std::nullopt;
}

}  // namespace cogbuild::project
