#pragma once

#include <cogbuild/pypi/simple_index.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/version.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace cogbuild::pypi {

// What one source lists of one project, by version.
class Listing {
 public:
  virtual ~Listing() = default;
  // Ascending, each once.
  [[nodiscard]] virtual const std::vector<python::Version>& versions() const = 0;
  // Of one version, in the source's order.
  [[nodiscard]] virtual std::vector<File> files(std::size_t position) const = 0;
};

// A listing as plain values.
class GroupedFiles final : public Listing {
 public:
  GroupedFiles() = default;
  // Files whose name does not parse or names another project are left out.
  GroupedFiles(const python::PackageName& name, std::vector<File> files);
  // All files as they are, as those of one version: a page that lists many projects.
  static GroupedFiles ungrouped(std::vector<File> files);

  [[nodiscard]] const std::vector<python::Version>& versions() const override { return versions_; }
  [[nodiscard]] std::vector<File> files(std::size_t position) const override {
    return groups_.at(position);
  }
  [[nodiscard]] const std::vector<File>& group(std::size_t position) const {
    return groups_.at(position);
  }

 private:
  std::vector<python::Version> versions_{};
  std::vector<std::vector<File>> groups_{};  // by position of the version
};

}  // namespace cogbuild::pypi
