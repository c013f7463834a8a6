#include "project_path.hpp"

#include <fmt/format.h>

#include <vector>

namespace cogbuild::python {

std::string parent_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(path.substr(0, slash == std::string_view::npos ? 0 : slash));
}

Result<std::string> project_path(const io::Tree& project, std::string_view directory,
                                 std::string_view text) {
  const auto outside = [text] {
    return fail(Error(ErrorKind::config, fmt::format("`{}` is outside of the project", text))
                    .hint("move it into the project's directory"));
  };
  std::string_view relative = text;
  if (text.starts_with('/')) {
    const std::string root = project.disk_path("").lexically_normal().string();
    const std::string prefix = root.ends_with('/') ? root : root + "/";
    if (!text.starts_with(prefix)) return outside();
    relative.remove_prefix(prefix.size());
    directory = {};
  }
  std::vector<std::string_view> parts;
  for (std::string_view rest : {directory, relative}) {
    while (!rest.empty()) {
      const auto end = std::min(rest.find('/'), rest.size());
      const std::string_view part = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return outside();
      } else {
        parts.pop_back();
      }
    }
  }
  return fmt::format("{}", fmt::join(parts, "/"));
}

Result<std::string> existing_project_path(const io::Tree& project, std::string_view directory,
                                          std::string_view text) {
  auto beside = project_path(project, directory, text);
  if (beside && project.stat(*beside)) return beside;
  auto from_root = project_path(project, "", text);
  if (from_root && project.stat(*from_root)) return from_root;
  return beside;
}

}  // namespace cogbuild::python
