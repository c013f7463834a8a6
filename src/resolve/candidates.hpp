#pragma once

#include "user_side.hpp"

#include <cogbuild/pubgrub/version_set.hpp>
#include <cogbuild/python/specifier.hpp>
#include <cogbuild/python/tag.hpp>
#include <cogbuild/python/target.hpp>
#include <cogbuild/resolve/distribution_source.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// Which files count, for all projects alike.
struct FileRules {
  python::Target target{};
  python::TagList tags{};
  std::string exclude_newer{};  // RFC 3339 in UTC; empty: no cutoff
  python::NameSelection no_binary{};
  python::NameSelection only_binary{};
};

// One version as it may be chosen: its best file, or why it has none, as the rest of a sentence
// that starts with the project's name and version.
struct Candidate {
  std::optional<DistributionFile> file{};
  std::string reason{};
  [[nodiscard]] bool is_source() const { return file && file->form != lock::Form::wheel; }
};

// The versions of one project, ascending, each judged when first asked for. What it says of a
// version never changes.
class Candidates {
 public:
  // `side`, if not null, and the rules must outlive it. `kept`: an earlier lock's version, legal
  // even when yanked.
  Candidates(const python::PackageName& name, std::shared_ptr<const Releases> releases,
             const FileRules& rules, const UserSide* side, std::optional<python::Version> kept);
  // The one version of what a URL or path names.
  Candidates(const python::PackageName& name, python::Version version, DistributionFile file,
             const FileRules& rules);

  [[nodiscard]] const std::vector<python::Version>& versions() const { return *versions_; }
  [[nodiscard]] std::size_t size() const { return versions_->size(); }
  [[nodiscard]] bool is_direct() const { return releases_ == nullptr; }
  [[nodiscard]] pubgrub::VersionSet within(const python::SpecifierSet& specifiers) const;
  const Candidate& at(pubgrub::Position position);

 private:
  [[nodiscard]] Candidate judge(pubgrub::Position position) const;
  // Why a file does not count; empty: it does.
  [[nodiscard]] std::string objection(const DistributionFile& file,
                                      const python::Version& version) const;

  python::PackageName name_;
  std::shared_ptr<const Releases> releases_{};
  std::vector<python::Version> own_versions_{};
  const std::vector<python::Version>* versions_ = nullptr;
  const FileRules& rules_;
  const UserSide* side_ = nullptr;
  std::optional<python::Version> kept_{};
  std::vector<std::optional<Candidate>> judged_{};
};

// Whether the Python fulfils the lower bounds among the clauses: upper ones are caps that published
// metadata sets from caution, and honouring them would choose ancient releases without caps.
bool meets_lower_bound(const python::SpecifierSet& requires_python, const python::Version& python);

}  // namespace cogbuild::resolve
