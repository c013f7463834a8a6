#include <cogbuild/config/config.hpp>

#include <fmt/format.h>

#include <system_error>

namespace cogbuild::config {

Result<std::filesystem::path> find_project_root(const std::filesystem::path& start,
                                                const std::string& file) {
  constexpr int kMostLevels = 100;
  std::error_code code;
  auto directory = std::filesystem::absolute(start, code).lexically_normal();
  if (code)
    return fail(
        Error(ErrorKind::io, fmt::format("cannot find {}: {}", start.string(), code.message())));
  if (!directory.has_filename()) directory = directory.parent_path();  // `a/` names `a`
  const auto first = directory;
  for (int level = 0; level < kMostLevels; ++level) {
    if (std::filesystem::is_regular_file(directory / file, code)) return directory;
    if (directory == directory.parent_path()) break;
    directory = directory.parent_path();
  }
  return fail(Error(ErrorKind::config,
                    fmt::format("there is no `{}` in {} or above it", file, first.string()))
                  .hint("name the project with -C, and its file with -f unless it is cog.yaml"));
}

}  // namespace cogbuild::config
