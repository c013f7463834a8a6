#pragma once

#include <cogbuild/python/file_hash.hpp>
#include <cogbuild/python/package_name.hpp>
#include <cogbuild/python/specifier.hpp>
#include <cogbuild/python/tag.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// A project's files by version, newest first. Files whose name does not parse or names another
// project are left out.
struct ProjectFiles {
  struct Release {
    python::Version version{};
    std::vector<DistributionFile> files{};  // in the source's order
  };
  python::PackageName name{};
  std::vector<Release> releases{};

  static ProjectFiles of(const python::PackageName& name,
                         const std::vector<DistributionFile>& files);
};

struct Wanted {
  python::SpecifierSet specifiers{};
  std::vector<python::FileHash> hashes{};  // empty: any file
  bool prereleases = false;                // ranked among finals instead of after them
  bool yanked = false;                     // allowed, as the user named the exact version
};

struct Selected {
  python::Version version{};
  DistributionFile file{};
};

// Either a wheel or why there is none, as the rest of a sentence that starts with the project's
// name.
struct SelectionResult {
  std::optional<Selected> selected{};
  std::string reason{};
};

// The newest release that fits `wanted` and has a wheel for the target; finals before pre-releases.
SelectionResult select(const ProjectFiles& project, const Wanted& wanted,
                       const python::TagList& tags, const python::Target& target);

// Whether the Python fulfils the lower bounds among the clauses: upper ones are caps that published
// metadata sets from caution, and honouring them would choose ancient releases without caps.
bool meets_lower_bound(const python::SpecifierSet& requires_python, const python::Version& python);

}  // namespace cogbuild::resolve
