#include "merged_project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace cogbuild::pypi {

MergedProject::MergedProject(const MergeContext& context, bool known,
                             std::vector<SourceListing> listings)
    : context_(context), known_(known), listings_(std::move(listings)) {
  if (listings_.size() == 1) return;
  std::map<python::Version, std::vector<Part>> merged;
  for (std::size_t i = 0; i < listings_.size(); ++i) {
    const auto& versions = listings_[i].listing->versions();
    for (std::size_t position = 0; position < versions.size(); ++position)
      merged[versions[position]].push_back({.listing = i, .position = position});
  }
  versions_.reserve(merged.size());
  parts_.reserve(merged.size());
  for (auto& [version, parts] : merged) {
    versions_.push_back(version);
    parts_.push_back(std::move(parts));
  }
}

std::vector<MergedProject::Part> MergedProject::parts(std::size_t position) const {
  if (listings_.size() == 1) return {{.listing = 0, .position = position}};
  return parts_.at(position);
}

// Plain http is no danger to a file whose digest came over a safe way.
bool MergedProject::is_safe(const File& file) const {
  if (file.url.scheme != "http" || file.sha256() || file.url.is_loopback() ||
      context_.config.trusts(file.url))
    return true;
  if (context_.warned.insert(file.file_name).second)
    context_.reporter.warn(fmt::format(
        "{} is ignored: it is offered over plain http without a digest", file.file_name));
  return false;
}

void MergedProject::warn_of_difference(const ProjectFile& taken, const ProjectFile& other) const {
  const auto first = taken.file.sha256();
  const auto second = other.file.sha256();
  if (!first || !second || *first == *second) return;
  if (!context_.warned.insert(taken.file.file_name).second) return;
  context_.reporter.warn(fmt::format("{} differs between {} ({}) and {} ({}): the first is taken",
                                     taken.file.file_name, context_.sources.at(taken.source),
                                     to_string(*first), context_.sources.at(other.source),
                                     to_string(*second)));
}

std::vector<ProjectFile> MergedProject::files(std::size_t position) const {
  std::vector<ProjectFile> files;
  for (const Part& part : parts(position)) {
    const auto& [source, listing] = listings_[part.listing];
    for (File& file : listing->files(part.position)) {
      if (!is_safe(file)) continue;
      ProjectFile candidate{.file = std::move(file), .source = source};
      const auto taken = std::ranges::find_if(files, [&](const ProjectFile& other) {
        return other.file.file_name == candidate.file.file_name;
      });
      if (taken == files.end())
        files.push_back(std::move(candidate));
      else
        warn_of_difference(*taken, candidate);
    }
  }
  return files;
}

}  // namespace cogbuild::pypi
