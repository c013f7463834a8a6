#pragma once

#include "candidates.hpp"

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/metadata.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// METADATA of one version, or why it cannot be used.
struct ReadMetadata {
  std::shared_ptr<const python::Metadata> metadata{};
  std::string text{};  // what it was read from
  std::string reason{};
  bool must_be_built = false;
};

// What is known of projects and their versions, asked of the source once each. Errors are
// remembered as well, so that what a guess ran into is told when it matters.
class Catalogue {
 public:
  // Everything passed in must outlive the catalogue.
  Catalogue(DistributionSource& source, const FileRules& rules,
            const std::map<python::PackageName, UserSide>& sides,
            const std::map<python::PackageName, python::Version>& kept);

  // What the user names by URL or path: its one version. Errors: as DistributionSource::direct and
  // metadata, at the root's location; config, when it is of another project than `root.name`.
  Result<void> add_direct(const Root& root);
  Result<Candidates*> of(const python::PackageName& name);
  [[nodiscard]] bool has(const python::PackageName& name) const { return known_.contains(name); }
  // Of a version that has a file.
  Result<const ReadMetadata*> metadata(const python::PackageName& name, pubgrub::Position position);
  [[nodiscard]] bool has_metadata(const DistributionFile& file) const {
    return metadata_.contains(file.handle);
  }
  [[nodiscard]] DistributionSource& source() { return source_; }
  [[nodiscard]] const FileRules& rules() const { return rules_; }

 private:
  DistributionSource& source_;
  const FileRules& rules_;
  const std::map<python::PackageName, UserSide>& sides_;
  const std::map<python::PackageName, python::Version>& kept_;
  std::map<python::PackageName, Result<std::unique_ptr<Candidates>>> known_{};
  std::map<std::size_t, Result<ReadMetadata>> metadata_{};  // by the file's handle
};

// The name that METADATA of something named by URL or path says; needed where the user gives none.
Result<python::PackageName> name_of_direct(DistributionSource& source, const Root& root);

}  // namespace cogbuild::resolve
