#pragma once

#include "listing.hpp"

#include <cogbuild/pypi/index.hpp>

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::pypi {

// One source's listing of a project.
struct SourceListing {
  std::size_t source = 0;
  std::shared_ptr<const Listing> listing{};
};

// What merging needs to know of the world.
struct MergeContext {
  const IndexConfig& config;
  const std::vector<std::string>& sources;  // as messages name them
  progress::Reporter& reporter;
  std::set<std::string>& warned;  // names of files that were warned of
};

// The listings as one project. Nothing is copied as long as one source alone has files.
class MergedProject final : public Project {
 public:
  // `context` must outlive the project.
  MergedProject(const MergeContext& context, bool known, std::vector<SourceListing> listings);
  [[nodiscard]] bool known() const override { return known_; }
  [[nodiscard]] const std::vector<python::Version>& versions() const override {
    return listings_.size() == 1 ? listings_.front().listing->versions() : versions_;
  }
  [[nodiscard]] std::vector<ProjectFile> files(std::size_t position) const override;

 private:
  struct Part {
    std::size_t listing = 0;   // position in listings_
    std::size_t position = 0;  // of the version there
  };
  [[nodiscard]] std::vector<Part> parts(std::size_t position) const;
  [[nodiscard]] bool is_safe(const File& file) const;
  void warn_of_difference(const ProjectFile& taken, const ProjectFile& other) const;

  const MergeContext& context_;
  bool known_;
  std::vector<SourceListing> listings_;
  std::vector<python::Version> versions_{};  // when several listings are merged
  std::vector<std::vector<Part>> parts_{};   // by position of the version
};

}  // namespace cogbuild::pypi
