#pragma once

#include "closure.hpp"

#include <cogbuild/python/marker.hpp>
#include <cogbuild/python/tag.hpp>

#include <map>
#include <string>
#include <vector>

namespace cogbuild::resolve {

// What the user says of one distribution, over all roots and constraints on it.
struct UserSide {
  python::SpecifierSet specifiers{};
  std::vector<python::FileHash> hashes{};
  const Root* root = nullptr;    // the first one; a constraint's if no root names it
  const Root* direct = nullptr;  // that names a wheel by URL or path
  bool prereleases = false;
  bool requested = false;  // some root names it

  [[nodiscard]] bool pinned() const { return direct != nullptr || specifiers.pin() != nullptr; }
};

// Decides versions where the user's pins leave a choice: newest first, over all requirements seen
// so far, again until nothing changes. The seam for a resolver that can go back on a decision.
class Solver {
 public:
  Solver(DistributionSource& source, const python::Target& target);

  // Errors: network, auth, integrity; unsatisfiable, when it does not settle.
  Result<Decisions> settle(const std::vector<Root>& roots, const std::vector<Root>& constraints,
                           const Replacements& replacements);
  // The release that a requirement alone would choose.
  Result<SelectionResult> find(const python::PackageName& name, const Wanted& wanted);

  [[nodiscard]] const python::MarkerEnvironment& environment() const { return environment_; }

 private:
  Result<const ProjectFiles*> files_of(const python::PackageName& name);
  Result<Decision> decide(const python::PackageName& name, const Node& node, const UserSide& user);
  Result<Decision> decide_direct(const python::PackageName& name, const UserSide& user);
  Result<void> load_metadata(Decisions& decisions);

  DistributionSource& source_;
  const python::Target& target_;
  python::TagList tags_;
  python::MarkerEnvironment environment_;
  std::map<python::PackageName, ProjectFiles> projects_{};
  std::map<std::string, DistributionFile> direct_{};
  struct ReadMetadata {
    std::shared_ptr<const python::Metadata> metadata{};
    std::string reason{};  // why there is none
  };
  std::map<std::size_t, ReadMetadata> metadata_{};  // by the file's handle
};

std::map<python::PackageName, UserSide> user_sides(const std::vector<Root>& roots,
                                                   const std::vector<Root>& constraints);

}  // namespace cogbuild::resolve
