#include "listed_releases.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::resolve {

std::size_t MemorySource::keep(Entry entry) {
  entry.file.handle = entries_.size();
  if (entry.file.location.empty())
    entry.file.location = fmt::format("https://host/{}", entry.file.file_name);
  entries_.push_back(std::move(entry));
  return entries_.size() - 1;
}

void MemorySource::add(Entry entry) {
  const auto& file_name = entry.file.file_name;
  python::PackageName name;
  if (const auto wheel = python::WheelName::parse(file_name)) {
    name = wheel->name;
  } else if (const auto source = python::SdistName::parse(file_name)) {
    name = source->name;
  }
  projects_[name].push_back(keep(std::move(entry)));
}

void MemorySource::add_direct(const std::string& location, Entry entry) {
  direct_[location] = keep(std::move(entry));
}

Result<std::shared_ptr<const Releases>> MemorySource::releases(const python::PackageName& name) {
  std::vector<DistributionFile> listed;
  if (const auto found = projects_.find(name); found != projects_.end())
    for (const std::size_t handle : found->second) listed.push_back(entries_[handle].file);
  return std::make_shared<const ListedReleases>(name, listed);
}

void MemorySource::prefetch(const std::vector<python::PackageName>& names) {
  arrived_.projects.insert(arrived_.projects.end(), names.begin(), names.end());
}

Result<std::string> MemorySource::metadata(const DistributionFile& file) {
  const Entry& entry = entries_.at(file.handle);
  if (!entry.must_be_built.empty()) return fail(Error(ErrorKind::unsupported, entry.must_be_built));
  return entry.metadata;
}

void MemorySource::prefetch_metadata(const std::vector<DistributionFile>& files) {
  for (const auto& file : files) arrived_.metadata.push_back(file.handle);
}

Arrivals MemorySource::wait() { return std::exchange(arrived_, {}); }

Result<DistributionFile> MemorySource::direct(const std::string& location) {
  const auto found = direct_.find(location);
  if (found == direct_.end()) {
    return fail(Error(ErrorKind::not_found, fmt::format("there is no file at `{}`", location)));
  }
  return entries_[found->second].file;
}

Result<FileIdentity> MemorySource::identify(const DistributionFile& file) {
  FileIdentity identity{.digest = digest::digest_of(file.file_name),
                        .size_bytes = file.size_bytes.value_or(file.file_name.size())};
  for (const auto& hash : file.hashes) {
    if (const auto digest = hash.sha256()) identity.digest = *digest;
  }
  return identity;
}

}  // namespace cogbuild::resolve
