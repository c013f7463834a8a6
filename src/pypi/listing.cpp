#include "listing.hpp"

#include <cogbuild/python/file_version.hpp>

#include <map>
#include <optional>

namespace cogbuild::pypi {

GroupedFiles::GroupedFiles(const python::PackageName& name, std::vector<File> files) {
  std::map<python::Version, std::vector<File>> groups;
  auto last = groups.end();
  // Pages mostly go from the oldest to the newest, so the next place is at the end or the last one.
  for (auto& file : files) {
    auto version = python::file_version(name, file.file_name);
    if (!version) continue;
    if (last == groups.end() || *version != last->first)
      last = groups.try_emplace(groups.end(), *std::move(version));
    last->second.push_back(std::move(file));
  }
  versions_.reserve(groups.size());
  groups_.reserve(groups.size());
  for (auto& [version, group] : groups) {
    versions_.push_back(version);
    groups_.push_back(std::move(group));
  }
}

GroupedFiles GroupedFiles::ungrouped(std::vector<File> files) {
  GroupedFiles out;
  out.versions_.emplace_back();
  out.groups_.push_back(std::move(files));
  return out;
}

}  // namespace cogbuild::pypi
