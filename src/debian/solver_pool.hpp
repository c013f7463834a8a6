#pragma once

#include "archive_graph.hpp"
#include "libsolv.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace cogbuild::debian {

// The offers of a graph in libsolv's own terms.
class SolverPool {
 public:
  explicit SolverPool(const ArchiveGraph& graph);

  [[nodiscard]] ::Pool* get() const { return pool_.get(); }
  [[nodiscard]] ::Id solvable(OfferId id) const { return solvables_[id]; }
  // Requires a solvable of an offer.
  [[nodiscard]] OfferId offer(::Id solvable) const { return offers_.at(solvable); }
  // As the packages write it: `a (>= 1) | b`.
  [[nodiscard]] std::string describe(::Id dependency) const;

 private:
  void add(const ArchiveGraph& graph, OfferId id, ::Repo* repo);
  ::Id intern(std::string_view text);
  // A relation that nothing satisfies for its architecture gets a name that nothing has.
  ::Id intern(const ArchiveGraph& graph, RelationId id);
  ::Id intern(std::string_view name, std::string_view version, int flags);

  PoolHandle pool_;
  std::vector<::Id> solvables_{};
  std::unordered_map<::Id, OfferId> offers_{};
  std::unordered_map<::Id, std::string> texts_{};
};

}  // namespace cogbuild::debian
