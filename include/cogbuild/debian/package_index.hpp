#pragma once

#include <cogbuild/debian/package.hpp>
#include <cogbuild/debian/relation.hpp>
#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Every package that some suites offer to one architecture, by name and by what provides a name.
namespace cogbuild::debian {

struct SuitePackages {
  PackageList packages{};
  std::string suite{};  // its codename: `bookworm-security`
  std::string also{};   // its other name, `stable-security`; empty: none
};

// One offer of a name.
struct Candidate {
  const Package* package = nullptr;
  std::size_t suite = 0;  // position in `suites()`
  friend bool operator==(const Candidate&, const Candidate&) = default;
};

struct Provider {
  Candidate candidate{};
  std::string_view version{};  // of the provided name; empty: none
  friend bool operator==(const Provider&, const Provider&) = default;
};

// Cheap to copy: shares the lists. Packages of other architectures than `architecture` and `all`
// are left out; one version of a name that several suites have counts once, from the first.
class PackageIndex {
 public:
  PackageIndex() = default;
  // Error: config, for a Provides that is none.
  static Result<PackageIndex> of(std::vector<SuitePackages> suites, std::string architecture);

  [[nodiscard]] const std::string& architecture() const;
  [[nodiscard]] std::span<const SuitePackages> suites() const;
  // The offers of a name, the highest version first. Empty: no package has it.
  [[nodiscard]] std::span<const Candidate> candidates(std::string_view name) const;
  // Packages whose Provides has the name, in order of their names, the highest version first.
  [[nodiscard]] std::span<const Provider> providers(std::string_view name) const;
  // Every name that is a package's or provided, sorted.
  [[nodiscard]] const std::vector<std::string_view>& names() const;

 private:
  struct Content;
  std::shared_ptr<const Content> content_{};
};

}  // namespace cogbuild::debian
