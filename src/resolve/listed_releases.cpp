#include "listed_releases.hpp"

#include <cogbuild/python/wheel_name.hpp>

#include <map>
#include <utility>

namespace cogbuild::resolve {

std::optional<python::Version> version_of(const python::PackageName& name,
                                          const std::string& file_name) {
  if (python::is_wheel_file_name(file_name)) {
    auto wheel = python::WheelName::parse(file_name);
    if (!wheel || wheel->name != name) return std::nullopt;
    return std::move(wheel->version);
  }
  auto source = python::SdistName::parse(file_name);
  if (!source || source->name != name) return std::nullopt;
  return std::move(source->version);
}

ListedReleases::ListedReleases(const python::PackageName& name,
                               const std::vector<DistributionFile>& files) {
  std::map<python::Version, std::vector<DistributionFile>> by_version;
  for (const DistributionFile& file : files)
    if (const auto version = version_of(name, file.file_name)) by_version[*version].push_back(file);
  for (auto& [version, of_version] : by_version) {
    versions_.push_back(version);
    files_.push_back(std::move(of_version));
  }
}

}  // namespace cogbuild::resolve
