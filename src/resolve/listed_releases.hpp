#pragma once

#include <cogbuild/resolve/distribution_source.hpp>

#include <vector>

namespace cogbuild::resolve {

// Releases of files that are values already.
class ListedReleases final : public Releases {
 public:
  ListedReleases(const python::PackageName& name, const std::vector<DistributionFile>& files);
  [[nodiscard]] const std::vector<python::Version>& versions() const override { return versions_; }
  [[nodiscard]] std::vector<DistributionFile> files(std::size_t position) const override {
    return files_.at(position);
  }

 private:
  std::vector<python::Version> versions_{};
  std::vector<std::vector<DistributionFile>> files_{};  // by position of the version
};

}  // namespace cogbuild::resolve
