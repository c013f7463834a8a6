#include "candidates.hpp"

#include "version_range.hpp"

#include <cogbuild/python/choose_wheel.hpp>
#include <cogbuild/python/wheel_name.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

bool is_listed(const DistributionFile& file, const std::vector<python::FileHash>& hashes) {
  return hashes.empty() ||
         std::any_of(file.hashes.begin(), file.hashes.end(), [&](const auto& hash) {
           return std::find(hashes.begin(), hashes.end(), hash) != hashes.end();
         });
}

// Both are in UTC: without the zone's letter, text order is time order.
std::string_view without_zone(std::string_view time) {
  if (time.ends_with('Z') || time.ends_with('z')) time.remove_suffix(1);
  return time;
}

}  // namespace

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

Candidates::Candidates(const python::PackageName& name, std::shared_ptr<const Releases> releases,
                       const FileRules& rules, const UserSide* side,
                       std::optional<python::Version> kept)
    : name_(name),
      releases_(std::move(releases)),
      versions_(&releases_->versions()),
      rules_(rules),
      side_(side),
      kept_(std::move(kept)),
      judged_(versions_->size()) {}

Candidates::Candidates(const python::PackageName& name, python::Version version,
                       DistributionFile file, const FileRules& rules)
    : name_(name), own_versions_{std::move(version)}, versions_(&own_versions_), rules_(rules) {
  Candidate only{.file = std::move(file)};
  if (only.file->form == lock::Form::wheel) {
    const auto wheel = python::WheelName::parse(only.file->file_name);
    if (!wheel || !rules.tags.rank(*wheel))
      only = {.reason = fmt::format("cannot be `{}`: that wheel is not for {}",
                                    only.file->file_name, describe(rules.target))};
  }
  judged_.emplace_back(std::move(only));
}

pubgrub::VersionSet Candidates::within(const python::SpecifierSet& specifiers) const {
  return versions_within(*versions_, specifiers);
}

const Candidate& Candidates::at(pubgrub::Position position) {
  auto& judged = judged_.at(position);
  if (!judged) judged = judge(position);
  return *judged;
}

std::string Candidates::objection(const DistributionFile& file,
                                  const python::Version& version) const {
  if (side_ != nullptr && !is_listed(file, side_->hashes))
    return "has no file that matches a listed hash";
  const bool is_named = side_ != nullptr && side_->names(version);
  if (file.yanked && !is_named && kept_ != version)
    return file.yanked_reason.empty() ? "was yanked"
                                      : fmt::format("was yanked: {}", file.yanked_reason);
  if (!rules_.exclude_newer.empty()) {
    if (file.upload_time.empty())
      return fmt::format("has no upload time, and only files from before {} count",
                         rules_.exclude_newer);
    if (without_zone(file.upload_time) >= without_zone(rules_.exclude_newer))
      return fmt::format("was uploaded after {}", rules_.exclude_newer);
  }
  if (!file.requires_python.empty()) {
    const auto python = python::SpecifierSet::parse(file.requires_python);
    if (python && !meets_lower_bound(*python, rules_.target.python))
      return fmt::format("needs Python {}, but the target has {}", to_string(*python),
                         to_string(rules_.target.python));
  }
  const bool is_wheel = file.form == lock::Form::wheel;
  if (is_wheel && rules_.no_binary.contains(name_)) return "has only wheels, which do not count";
  if (!is_wheel && rules_.only_binary.contains(name_))
    return "has only a source archive, and building is off";
  return {};
}

Candidate Candidates::judge(pubgrub::Position position) const {
  const python::Version& version = versions_->at(position);
  std::vector<DistributionFile> usable;
  std::string excluded;
  for (DistributionFile& file : releases_->files(position)) {
    std::string problem = objection(file, version);
    if (problem.empty()) {
      usable.push_back(std::move(file));
    } else if (excluded.empty() || file.form == lock::Form::wheel) {
      excluded = std::move(problem);
    }
  }
  if (usable.empty()) return {.reason = excluded.empty() ? "has no file" : std::move(excluded)};
  std::vector<std::string> names;
  for (const auto& file : usable) names.push_back(file.file_name);
  const auto choice = python::choose_wheel(names, rules_.tags, rules_.target);
  if (choice.index) return {.file = std::move(usable[*choice.index])};
  const auto source = std::find_if(usable.begin(), usable.end(), [](const auto& file) {
    return file.form == lock::Form::source_archive;
  });
  if (source != usable.end()) return {.file = std::move(*source)};
  return {.reason = choice.reason};
}

}  // namespace cogbuild::resolve
