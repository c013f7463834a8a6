#pragma once

#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Relations between packages; Debian policy, chapter 7.
namespace cogbuild::debian {

enum class VersionRelation : std::uint8_t {
  any,            // no version is asked for
  earlier,        // <<
  earlier_equal,  // <=, and the old <
  equal,          // =
  later_equal,    // >=, and the old >
  later,          // >>
};

// `<<`, `<=`, `=`, `>=`, `>>`; empty for `any`.
std::string_view to_string(VersionRelation relation);

// True when a package of version `have` stands in `relation` to `wanted`.
bool holds(VersionRelation relation, std::string_view have, std::string_view wanted);

// One name that is asked for (or, in Provides, offered), as `name[:qualifier] [(op version)]`,
// in build relations also `[architectures]` and `<profiles>`. Borrows the text that was parsed.
struct Relation {
  std::string_view name{};
  std::string_view qualifier{};  // `any`, `native`, an architecture; empty: none
  std::string_view version{};
  std::string_view architectures{};  // inside the brackets, as written; empty: no restriction
  std::string_view profiles{};       // `<!nocheck> <cross>`, as written
  VersionRelation relation = VersionRelation::any;

  friend bool operator==(const Relation&, const Relation&) = default;

  // For a real package of this name.
  [[nodiscard]] bool satisfied_by(std::string_view package_version) const {
    return holds(relation, package_version, version);
  }
  // For an entry of Provides of this name: one without a version never satisfies a relation that
  // asks for one.
  [[nodiscard]] bool satisfied_by_provided(const Relation& provided) const;
  // False when the brackets leave this architecture out (`[!i386]`, `[amd64 linux-any]`).
  [[nodiscard]] bool applies_to(std::string_view architecture) const;
};

// `name:qualifier (op version)`, spaced as Debian's own tools do.
std::string to_string(const Relation& relation);

// The groups of a field, each with its alternatives in order of preference. One flat array, since
// an archive has half a million of them. Borrows the text that was parsed.
class Relations {
 public:
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  [[nodiscard]] bool empty() const { return ends_.empty(); }
  [[nodiscard]] std::span<const Relation> operator[](std::size_t group) const {
    const std::size_t begin = group == 0 ? 0 : ends_[group - 1];
    return std::span(relations_).subspan(begin, ends_[group] - begin);
  }
  // Every relation of every group, in order.
  [[nodiscard]] std::span<const Relation> flat() const { return relations_; }

  friend bool operator==(const Relations&, const Relations&) = default;

 private:
  friend class RelationsParser;
  std::vector<Relation> relations_{};
  std::vector<std::uint32_t> ends_{};
};

enum class RelationField : std::uint8_t {
  depends,        // Depends, Pre-Depends, Recommends: alternatives
  conflicts,      // Conflicts, Breaks, Replaces: no alternatives
  provides,       // no alternatives; a version only with `=`
  build_depends,  // alternatives, architectures in brackets, build profiles
};

// The groups of `text`, a field that may span lines; empty groups (a comma too many) are passed
// over, as apt does. Error: config, with the part of the text that is wrong.
Result<Relations> parse_relations(std::string_view text,
                                  RelationField field = RelationField::depends);

// `a | b (>= 1), c`.
std::string to_string(const Relations& relations);

// What dpkg takes as a package name (letters, digits, `+-._`, first a letter or digit) and as an
// architecture (letters, digits, `-`). Neither ever holds a slash.
bool is_package_name(std::string_view text);
bool is_architecture(std::string_view text);

}  // namespace cogbuild::debian
