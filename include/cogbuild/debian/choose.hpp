#pragma once

#include <cogbuild/debian/package_index.hpp>
#include <cogbuild/error/error.hpp>
#include <cogbuild/error/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What `apt-get install --no-install-recommends` would install.
namespace cogbuild::debian {

// A name on apt's command line: `name`, `name=version`, `name/suite`.
struct Wish {
  std::string name{};
  std::string version{};      // empty: the candidate
  std::string suite{};        // a codename or suite name; empty: any
  SourceLocation location{};  // where the user wrote it, for messages
  friend bool operator==(const Wish&, const Wish&) = default;
};

// Error: config, naming what is wrong with it (`libtag1-dev>=1.9`, an option, another
// architecture, a removal `name-`).
Result<Wish> parse_wish(std::string_view text);
std::string to_string(const Wish& wish);

struct Choosing {
  const PackageIndex& index;
  std::span<const Package> installed{};  // what the root has already
  std::span<const Wish> wishes{};
};

struct Choice {
  // What is to be unpacked beside what is installed, sorted by name; one that replaces an installed
  // version too (an upgrade that a relation asks for).
  std::vector<Candidate> packages{};
  std::vector<std::string> notes{};     // a name that was taken for another: one sentence each
  std::vector<std::string> warnings{};  // a name that was left out
  // What the proof did not take of what the walk proposed: `name version`; for explaining.
  std::vector<std::string> dropped{};
};

// A walk in apt's order proposes the set, libsolv proves it or repairs it. Names that moved are
// replaced where that is certain (successors.hpp). Errors, each wish that fails with its location
// (Error::others): config (no package has the name: near misses; several provide it: which;
// no such version: those there are); unsatisfiable (with libsolv's reasons in words).
Result<Choice> choose(const Choosing& choosing);

}  // namespace cogbuild::debian
