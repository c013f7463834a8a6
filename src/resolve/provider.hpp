#pragma once

#include "catalogue.hpp"
#include "needs.hpp"

#include <cogbuild/pubgrub/solve.hpp>
#include <cogbuild/resolve/resolve.hpp>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::resolve {

// Everything the user says, as the solver is asked to fulfil it.
struct Demands {
  const std::vector<Root>& roots;
  const std::vector<Root>& constraints;
  const std::map<python::PackageName, UserSide>& sides;
  const ReadingRules& reading;
  const std::map<python::PackageName, python::Version>& kept;  // an earlier lock's versions
  Resolution resolution = Resolution::highest;
  bool prefer_binary = false;
  python::NameSelection all_releases{};  // pre-releases rank among finals
  python::NameSelection only_final{};    // pre-releases do not count
};

// Why a dependency or a rejection holds, for messages.
struct Cause {
  enum class Kind {
    root,        // a line of the user asks for `need`
    need,        // metadata of `of` asks for `need`
    same,        // an extra goes with its own project's version
    constraint,  // a constraint of the user excludes the versions
    unusable,    // the versions cannot be installed: `text`
  };
  Kind kind = Kind::root;
  const Root* root = nullptr;
  Need need{};
  std::string text{};
  bool must_be_built = false;
};

// The packages of PubGrub: the root, projects, and each extra asked for of a project.
class ProjectProvider final : public pubgrub::Provider {
 public:
  struct Project {
    python::PackageName name{};
    std::string extra{};  // empty: the project itself
  };

  // Everything passed in must outlive the provider.
  ProjectProvider(Catalogue& catalogue, const Demands& demands);

  Result<pubgrub::Choice> choose(
      pubgrub::Package package, const pubgrub::VersionSet& allowed,
      std::span<const std::optional<pubgrub::Position>> decided) override;
  Result<std::variant<std::vector<pubgrub::Dependency>, pubgrub::Rejection>> dependencies(
      pubgrub::Package package, pubgrub::Position position) override;
  void prepare(const std::vector<pubgrub::Open>& undecided) override;
  [[nodiscard]] pubgrub::Package group_of(pubgrub::Package package) const override;
  [[nodiscard]] bool is_direct(pubgrub::Package package) const override;

  [[nodiscard]] const Project& project(pubgrub::Package package) const {
    return projects_.at(package);
  }
  [[nodiscard]] const Cause& cause(pubgrub::Reason reason) const { return causes_.at(reason); }
  [[nodiscard]] Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] const Demands& demands() const { return demands_; }
  // Versions that were given up because only a build could tell what they require.
  [[nodiscard]] const std::map<python::PackageName, std::vector<pubgrub::Position>>& unbuilt()
      const {
    return unbuilt_;
  }
  // The version that would be chosen of a project from `allowed` if nothing else mattered.
  Result<std::optional<pubgrub::Position>> best(const python::PackageName& name,
                                                const pubgrub::VersionSet& allowed);

 private:
  struct Pick {
    std::optional<pubgrub::Position> position{};
    std::map<std::string, pubgrub::VersionSet> unusable{};  // by reason
  };
  using Answer = std::variant<std::vector<pubgrub::Dependency>, pubgrub::Rejection>;

  pubgrub::Package package_of(const python::PackageName& name, const std::string& extra);
  pubgrub::Reason reason_for(const std::string& key, Cause cause);
  [[nodiscard]] std::vector<pubgrub::Position> in_order(const python::PackageName& name,
                                                        const Candidates& candidates,
                                                        const pubgrub::VersionSet& allowed) const;
  Pick pick(const python::PackageName& name, Candidates& candidates,
            const pubgrub::VersionSet& allowed) const;
  Result<Answer> root_dependencies();
  Result<void> add_dependencies(std::vector<pubgrub::Dependency>& dependencies, const Need& need,
                                pubgrub::Reason reason);
  pubgrub::Rejection reject(pubgrub::Package package, std::size_t count, pubgrub::Position position,
                            std::string text, bool must_be_built = false);
  void prefetch_next(pubgrub::Package package, const pubgrub::VersionSet& allowed);

  Catalogue& catalogue_;
  const Demands& demands_;
  std::vector<Project> projects_{Project{}};
  std::map<std::pair<python::PackageName, std::string>, pubgrub::Package> numbers_{};
  std::vector<Cause> causes_{};
  std::map<std::string, pubgrub::Reason> reasons_{};
  std::map<pubgrub::Package, std::size_t> prepared_{};  // how many versions were left then
  std::map<pubgrub::Package, int> tried_{};
  std::map<python::PackageName, std::vector<pubgrub::Position>> unbuilt_{};
};

}  // namespace cogbuild::resolve
