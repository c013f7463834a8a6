#include "listed_releases.hpp"

#include <cogbuild/python/file_version.hpp>

#include <map>
#include <utility>

namespace cogbuild::resolve {

ListedReleases::ListedReleases(const python::PackageName& name,
                               const std::vector<DistributionFile>& files) {
  std::map<python::Version, std::vector<DistributionFile>> by_version;
  for (const DistributionFile& file : files)
    if (const auto version = python::file_version(name, file.file_name))
      by_version[*version].push_back(file);
  for (auto& [version, of_version] : by_version) {
    versions_.push_back(version);
    files_.push_back(std::move(of_version));
  }
}

}  // namespace cogbuild::resolve
