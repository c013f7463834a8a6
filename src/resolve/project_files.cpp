#include "project_files.hpp"

#include "listed_releases.hpp"

#include <cogbuild/python/choose_wheel.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace cogbuild::resolve {
namespace {

constexpr std::size_t kMaxListed = 5;

bool is_listed(const DistributionFile& file, const std::vector<python::FileHash>& hashes) {
  return hashes.empty() ||
         std::any_of(file.hashes.begin(), file.hashes.end(), [&](const auto& hash) {
           return std::find(hashes.begin(), hashes.end(), hash) != hashes.end();
         });
}

// The wheel of one release, or why there is none.
SelectionResult select_file(const python::PackageName& name, const ProjectFiles::Release& release,
                            const Wanted& wanted, const python::TagList& tags,
                            const python::Target& target) {
  const auto none = [&](const std::string& reason) {
    return SelectionResult{.reason = fmt::format("{} {}", to_string(release.version), reason)};
  };
  std::vector<const DistributionFile*> usable;
  std::string excluded;
  for (const DistributionFile& file : release.files) {
    if (!is_listed(file, wanted.hashes)) {
      excluded = "has no file that matches a listed hash";
    } else if (file.yanked && !wanted.yanked) {
      excluded = file.yanked_reason.empty() ? "was yanked"
                                            : fmt::format("was yanked: {}", file.yanked_reason);
    } else if (const auto python = python::SpecifierSet::parse(file.requires_python);
               python && !meets_lower_bound(*python, target.python)) {
      excluded = fmt::format("needs Python {}", to_string(*python));
    } else {
      usable.push_back(&file);
    }
  }
  if (usable.empty() && !excluded.empty()) return none(excluded);
  std::vector<std::string> names;
  for (const auto* file : usable) names.push_back(file->file_name);
  const auto choice = python::choose_wheel(names, tags, target);
  if (!choice.index) return none(choice.reason);
  const DistributionFile& file = *usable[*choice.index];
  // Files of one release may spell the version differently (1.0 and 1.0.0): the chosen one counts.
  return {.selected = Selected{.version = *version_of(name, file.file_name), .file = file}};
}

std::string newest(const ProjectFiles& project) {
  std::vector<std::string> versions;
  for (const auto& release : project.releases) {
    if (versions.size() == kMaxListed) break;
    versions.push_back(to_string(release.version));
  }
  return fmt::format("{}", fmt::join(versions, ", "));
}

}  // namespace

ProjectFiles ProjectFiles::of(const python::PackageName& name,
                              const std::vector<DistributionFile>& files) {
  std::map<python::Version, Release, std::greater<>> by_version;
  for (const DistributionFile& file : files) {
    const auto version = version_of(name, file.file_name);
    if (!version) continue;
    Release& release = by_version[*version];
    release.version = *version;
    release.files.push_back(file);
  }
  ProjectFiles project{.name = name};
  for (auto& [version, release] : by_version) project.releases.push_back(std::move(release));
  return project;
}

bool meets_lower_bound(const python::SpecifierSet& requires_python, const python::Version& python) {
  using python::Operator;
  return std::all_of(requires_python.clauses().begin(), requires_python.clauses().end(),
                     [&python](const python::Specifier& clause) {
                       switch (clause.op) {
                         case Operator::greater:
                           return clause.contains(python);
                         case Operator::greater_equal:
                         case Operator::compatible:
                         case Operator::equal:
                           return python >= clause.version;
                         default:
                           return true;
                       }
                     });
}

SelectionResult select(const ProjectFiles& project, const Wanted& wanted,
                       const python::TagList& tags, const python::Target& target) {
  std::string reason;
  for (const bool prereleases : {false, true}) {
    for (const auto& release : project.releases) {
      const bool considered =
          wanted.prereleases ? !prereleases : release.version.is_prerelease() == prereleases;
      if (!considered || !wanted.specifiers.contains(release.version)) continue;
      auto result = select_file(project.name, release, wanted, tags, target);
      if (result.selected) return result;
      if (reason.empty()) reason = std::move(result.reason);  // of the best candidate
    }
  }
  if (!reason.empty()) return {.reason = std::move(reason)};
  if (project.releases.empty()) return {.reason = "is on none of the package indexes"};
  return {.reason = fmt::format("has no version `{}` (newest: {})", to_string(wanted.specifiers),
                                newest(project))};
}

}  // namespace cogbuild::resolve
