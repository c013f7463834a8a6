#include "listing.hpp"

#include <cogbuild/python/wheel_name.hpp>

#include <map>
#include <optional>

namespace cogbuild::pypi {

namespace {

std::optional<python::Version> version_of(const python::PackageName& name,
                                          const std::string& file_name) {
  if (python::is_wheel_file_name(file_name)) {
    auto wheel = python::WheelName::parse(file_name);
    if (!wheel || wheel->name != name) return std::nullopt;
    return std::move(wheel->version);
  }
  if (!python::is_source_archive_file_name(file_name)) return std::nullopt;
  auto source = python::SdistName::parse(file_name);
  if (!source || source->name != name) return std::nullopt;
  return std::move(source->version);
}

}  // namespace

GroupedFiles::GroupedFiles(const python::PackageName& name, std::vector<File> files) {
  std::map<python::Version, std::vector<File>> groups;
  auto last = groups.end();
  // Pages mostly go from the oldest to the newest, so the next place is at the end or the last one.
  for (auto& file : files) {
    auto version = version_of(name, file.file_name);
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
