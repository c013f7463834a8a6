#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/python/version.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::python {

enum class Operator {
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  compatible,  // `~=`
  arbitrary,   // `===`
};

// One clause; PEP 440, "Version specifiers".
struct Specifier {
  Operator op = Operator::equal;
  Version version{};      // unset for `===`
  bool wildcard = false;  // `==1.2.*`, `!=1.2.*`
  std::string text{};     // of `===`, as written

  [[nodiscard]] bool contains(const Version& candidate) const;
  friend bool operator==(const Specifier&, const Specifier&) = default;
};

std::string to_string(const Specifier& specifier);

// `published` repairs what published metadata is known to get wrong: a missing comma, stray quotes
// and parentheses, `>=3.5.*`, `!=~3.1`. `strict` is PEP 440 to the letter.
enum class Spelling { published, strict };

// Clauses joined by `,`, all of which must hold. The empty set holds for every version.
class SpecifierSet {
 public:
  SpecifierSet() = default;
  // Error: config, quoting the clause.
  static Result<SpecifierSet> parse(std::string_view text, Spelling spelling = Spelling::published);

  // Whether `version` fulfils all clauses. Pre-releases fulfil them like any other version unless
  // `allow_prereleases` is false, when none does; which to prefer is the resolver's policy.
  [[nodiscard]] bool contains(const Version& version, bool allow_prereleases = true) const;

  [[nodiscard]] const std::vector<Specifier>& clauses() const { return clauses_; }
  [[nodiscard]] bool empty() const { return clauses_.empty(); }
  // The clause `==V` (no wildcard) or `===V` that fixes the version; null when there is none.
  [[nodiscard]] const Specifier* pin() const;
  void add(const SpecifierSet& other);

  friend bool operator==(const SpecifierSet&, const SpecifierSet&) = default;

 private:
  std::vector<Specifier> clauses_{};
};

// Clauses in the order written: `>=1.0,<2`; parse(to_string(s)) == s.
std::string to_string(const SpecifierSet& specifiers);

}  // namespace cogbuild::python
