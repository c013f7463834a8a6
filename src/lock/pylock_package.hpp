#pragma once

#include "pylock_fields.hpp"
#include "toml_reader.hpp"

#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/tag.hpp>
#include <cogbuild/python/target.hpp>

#include <optional>
#include <set>
#include <string>

namespace cogbuild::lock {

// Reads the `packages` of a pylock.toml one by one; what is wrong with them goes to the reader.
class PackageReader {
 public:
  // Without a target every package counts, and must have one file.
  PackageReader(TomlReader& reader, const python::Target* target);

  // Nothing for a package that is of no concern to the target, or wrong.
  std::optional<LockedDistribution> read(const toml::table& package);

 private:
  // Whether the package is meant for the target; false also after a finding.
  bool applies(const toml::table& package, const std::string& name);
  void read_source(const toml::table& package, LockedDistribution& distribution);
  void read_listed(const toml::table& package, LockedDistribution& distribution);
  void read_wheel(const std::vector<const toml::table*>& wheels, const toml::table& package,
                  LockedDistribution& distribution);
  // Location, size, digest and time of a wheel, sdist or archive.
  void read_file(const toml::table& file, LockedDistribution& distribution);
  void read_location(const toml::table& table, LockedDistribution& distribution);
  void read_hashes(const toml::table& file, LockedDistribution& distribution);
  void read_upload_time(const toml::table& file, LockedDistribution& distribution);
  void read_repository(const toml::table& vcs, LockedDistribution& distribution);
  void read_own(const toml::table& own, LockedDistribution& distribution);
  void check_names(const toml::table& own, const LockedDistribution& distribution);
  [[nodiscard]] std::string file_name(const toml::table& file);

  TomlReader& reader_;
  const python::Target* target_;
  python::MarkerEnvironment environment_{};
  std::optional<python::TagList> tags_{};
  std::set<std::string> names_{};
};

}  // namespace cogbuild::lock
