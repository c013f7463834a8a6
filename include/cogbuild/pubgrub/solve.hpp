#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/pubgrub/version_set.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

// PubGrub: version solving by unit propagation, conflict-driven learning and backjumping.
namespace cogbuild::pubgrub {

// The provider's number for a package. 0 is the root: one version, whose dependencies are what is
// asked for.
using Package = std::uint32_t;
inline constexpr Package kRoot = 0;

// The provider's own number for why a dependency or a rejection holds, for its messages.
using Reason = std::uint32_t;

struct Dependency {
  Package package = kRoot;
  VersionSet allowed{};  // of versions; empty: nothing can fulfil it
  Reason reason = 0;
  bool pinned = false;  // names one version: such packages are decided first
};

// Versions that can never be chosen.
struct Rejection {
  VersionSet versions{};
  Reason reason = 0;
};

struct Choice {
  std::optional<Position> position{};  // empty: the rejections hold everything that was allowed
  std::vector<Rejection> rejections{};
};

// An undecided package and what may still be chosen of it.
struct Open {
  Package package = kRoot;
  const VersionSet* allowed = nullptr;
};

// What is known of packages. Answers must depend on the arguments alone, else the solution does
// too.
class Provider {
 public:
  virtual ~Provider() = default;
  // The preferred one of the allowed versions. `decided` holds the positions chosen so far, by
  // package; packages past its end are undecided.
  virtual Result<Choice> choose(Package package, const VersionSet& allowed,
                                std::span<const std::optional<Position>> decided) = 0;
  // The dependencies of one version, or why it cannot be chosen after all.
  virtual Result<std::variant<std::vector<Dependency>, Rejection>> dependencies(
      Package package, Position position) = 0;
  // Told before each decision: a chance to ask for what will be needed.
  virtual void prepare(const std::vector<Open>& undecided) = 0;
  // A project and its extras are one group, of which this is the project: they have one list of
  // versions and are chosen at one version, the project first.
  [[nodiscard]] virtual Package group_of(Package package) const = 0;
  // Packages that are decided before all others, as they have one version by nature.
  [[nodiscard]] virtual bool is_direct(Package package) const = 0;
};

// A set of terms that cannot all hold.
struct Incompatibility {
  enum class Cause {
    root,        // the root must be chosen
    dependency,  // terms[0] depends on `dependency`, within the complement of its term
    rejection,   // terms[0] cannot be chosen
    group,       // two of one group at different versions
    derived,     // follows from `left` and `right`
  };
  struct Term {
    Package package = kRoot;
    VersionSet set{};
  };
  std::vector<Term> terms{};
  Cause cause = Cause::root;
  Reason reason = 0;
  Package dependency = kRoot;  // also when its term is always true and so left out
  std::size_t left = 0;
  std::size_t right = 0;

  [[nodiscard]] const VersionSet* find(Package package) const;
};

// The chosen version of each package.
using Solution = std::map<Package, Position>;

// Why there is no solution: a derivation graph whose last node says that the root is impossible.
struct Failure {
  std::vector<Incompatibility> incompatibilities{};
  std::size_t conflict = 0;
};

// Errors: the provider's.
Result<std::variant<Solution, Failure>> solve(Provider& provider);

}  // namespace cogbuild::pubgrub
