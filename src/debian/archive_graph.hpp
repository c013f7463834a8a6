#pragma once

#include <cogbuild/debian/package_index.hpp>
#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cogbuild::debian {

using OfferId = std::uint32_t;     // a version of a package
using NameId = std::uint32_t;      // the name of a package; of those that have a version here
using RelationId = std::uint32_t;  // equal relations have one

constexpr OfferId kNoOffer = std::numeric_limits<OfferId>::max();

// A version of a package that is in the root or may come into it.
struct Offer {
  Candidate candidate{};  // of one that is installed: the installed package
  NameId name = 0;
  bool installed = false;
};

// A range in a flat array.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  template <class T>
  [[nodiscard]] std::span<const T> of(const std::vector<T>& all) const {
    return std::span(all).subspan(begin, end - begin);
  }
};

// What can be reached from some offers by Pre-Depends and Depends, over every alternative, every
// provider and every version; and what is installed, with all newer versions of it. Who satisfies
// what is looked up once. A package here has one architecture; `name:any` is satisfied by packages
// that allow it, a relation to another architecture by none.
class ArchiveGraph {
 public:
  // `index` and `installed` are borrowed. Of `installed`, packages of other architectures count
  // when they are Multi-Arch: foreign. `roots` may be installed ones. Error: config, a field of
  // relations that is none.
  static Result<ArchiveGraph> reach(const PackageIndex& index, std::span<const Package> installed,
                                    std::span<const Candidate> roots);

  [[nodiscard]] std::size_t size() const { return offers_.size(); }
  [[nodiscard]] std::size_t name_count() const { return names_.size(); }
  [[nodiscard]] const Offer& operator[](OfferId id) const { return offers_[id]; }
  [[nodiscard]] const Package& package(OfferId id) const { return *offers_[id].candidate.package; }
  [[nodiscard]] OfferId find(const Package* package) const;

  // What the name has in the root; kNoOffer: nothing.
  [[nodiscard]] OfferId installed(NameId name) const { return names_[name].installed; }
  // What apt would take: the highest version, what is installed included; of a held package the
  // installed one. kNoOffer: nothing that is here asks for that version.
  [[nodiscard]] OfferId candidate(NameId name) const { return names_[name].candidate; }

  // The groups of Pre-Depends, then those of Depends; each as its alternatives.
  [[nodiscard]] std::span<const Range> groups(OfferId id) const {
    return edges_[id].groups.of(groups_);
  }
  [[nodiscard]] std::span<const RelationId> alternatives(Range group) const {
    return group.of(alternatives_);
  }
  // The relations of Conflicts and Breaks.
  [[nodiscard]] std::span<const RelationId> conflicts(OfferId id) const {
    return edges_[id].conflicts.of(conflicts_);
  }
  // Those whose Conflicts or Breaks hit `id`, other names alone.
  [[nodiscard]] std::span<const OfferId> enemies(OfferId id) const { return enemies_[id]; }

  [[nodiscard]] const Relation& relation(RelationId id) const { return asks_[id].relation; }
  // Every version that satisfies it, or that it conflicts with.
  [[nodiscard]] std::span<const OfferId> takers(RelationId id) const { return asks_[id].takers; }

 private:
  friend class ArchiveGraphBuilder;

  struct Name {
    OfferId installed = kNoOffer;
    OfferId candidate = kNoOffer;
  };
  struct Edges {
    Range groups{};
    Range conflicts{};
  };
  struct Ask {
    Relation relation{};
    std::vector<OfferId> takers{};
  };

  std::vector<Offer> offers_{};
  std::vector<Edges> edges_{};
  std::vector<Name> names_{};
  std::vector<Range> groups_{};
  std::vector<RelationId> alternatives_{};
  std::vector<RelationId> conflicts_{};
  std::vector<Ask> asks_{};
  std::vector<std::vector<OfferId>> enemies_{};
  std::unordered_map<const Package*, OfferId> ids_{};
};

}  // namespace cogbuild::debian
