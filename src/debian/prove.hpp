#pragma once

#include "archive_graph.hpp"

#include <cogbuild/error/result.hpp>

#include <span>
#include <string>
#include <vector>

namespace cogbuild::debian {

// Why no set is possible.
struct Contradiction {
  std::vector<std::size_t> roots{};    // positions of those that take part, sorted
  std::vector<std::string> reasons{};  // sentences without a full stop
};

struct Proof {
  // What is to be unpacked: new, or an upgrade. In order of name.
  std::vector<OfferId> packages{};
  // Not empty: there is no solution.
  std::vector<Contradiction> contradictions{};
};

// Every offer of the graph becomes a solvable of libsolv's; `roots` must be, `proposed` should be,
// the earlier the rather. What is installed stays or is upgraded, never removed; only a root may be
// an older version of it.
Proof prove(const ArchiveGraph& graph, std::span<const OfferId> roots,
            std::span<const OfferId> proposed);

}  // namespace cogbuild::debian
