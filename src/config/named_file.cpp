#include "named_file.hpp"

#include "findings.hpp"

#include <cogbuild/config/suggest.hpp>
#include <cogbuild/project/submodules.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <vector>

namespace cogbuild::config {

namespace {

// `path` below the root in normal form; nullopt: outside, or unknown.
std::optional<std::string> inside(const io::Tree& project, const std::string& path) {
  std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  if (normal.is_absolute())
    normal = normal.lexically_relative(project.disk_path("").lexically_normal());
  auto text = normal.generic_string();
  while (text.ends_with('/')) text.pop_back();
  if (text.empty() || text == ".." || text.starts_with("../")) return std::nullopt;
  return text;
}

std::string similar_file(const io::Tree& project, const std::string& path) {
  const std::filesystem::path wanted(path);
  const auto directory = wanted.parent_path().generic_string();
  const auto entries = project.list(directory);
  if (!entries) return {};
  std::vector<std::string> names;
  for (const auto& entry : *entries)
    if (entry.type != io::FileType::directory) names.push_back(entry.name);
  const auto near = nearest(wanted.filename().string(), names);
  if (!near) return {};
  return directory.empty() ? *near : directory + "/" + *near;
}

}  // namespace

std::optional<Problem> check_named_file(const io::Tree& project, const std::string& path) {
  const auto relative = inside(project, path);
  if (!relative) return std::nullopt;
  const auto entry = *relative == "."
                         ? Result<io::TreeEntry>(io::TreeEntry{.type = io::FileType::directory})
                         : project.stat(*relative);
  if (entry && entry->type == io::FileType::directory)
    return Problem{fmt::format("{} is a directory", literal(path)), "name a file"};
  if (entry) return std::nullopt;
  if (entry.error().kind() != ErrorKind::not_found)
    return Problem{fmt::format("{} cannot be read: {}", literal(path), entry.error().message()),
                   "check the path and its permissions"};
  if (const auto submodule = project::submodule_of(project, *relative))
    return Problem{fmt::format("{} is missing because the submodule {} is not checked out",
                               literal(path), literal(*submodule)),
                   fmt::format("run `git submodule update --init {}`", *submodule)};
  const auto similar = similar_file(project, *relative);
  return Problem{fmt::format("there is no file {}", literal(path)),
                 similar.empty() ? "create the file, or correct the path"
                                 : fmt::format("did you mean {}?", literal(similar))};
}

}  // namespace cogbuild::config
