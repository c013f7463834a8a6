#include "stub_distribution.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/record.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::realise {

std::vector<std::pair<std::string, std::string>> stub_distribution(
    const std::string& name, const lock::LockedDistribution& answering) {
  std::string file_name = python::normalize_name(name);
  std::ranges::replace(file_name, '-', '_');
  std::string version = answering.version;
  std::ranges::replace(version, '-', '_');
  const std::string directory = fmt::format("{}-{}.dist-info/", file_name, version);
  std::vector<std::pair<std::string, std::string>> files = {
      {directory + "INSTALLER", "cogbuild\n"},
      {directory + "METADATA",
       fmt::format("Metadata-Version: 2.1\nName: {}\nVersion: {}\nSummary: {} stands in the place "
                   "of {}\n\n",
                   name, answering.version, answering.metadata_name, name)}};
  std::vector<python::RecordEntry> record;
  for (const auto& [path, content] : files)
    record.push_back(
        {.path = path, .digest = digest::digest_of(content), .size_bytes = content.size()});
  record.push_back({.path = directory + "RECORD"});
  files.emplace_back(directory + "RECORD", python::to_record_text(record));
  return files;
}

}  // namespace cogbuild::realise
