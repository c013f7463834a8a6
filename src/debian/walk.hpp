#pragma once

#include "archive_graph.hpp"

#include <span>
#include <vector>

namespace cogbuild::debian {

// What apt would install beside what is installed, in the order in which it comes upon it: first
// `roots`, all of them; then depth first what each needs, Pre-Depends before Depends. A group that
// something chosen or installed satisfies is left alone. Else an installed package that can be
// upgraded is taken, then each alternative from left to right, its providers in the order:
// needed by a root without a choice; installed; of that name; Essential; Protected; Priority; name.
// One that conflicts with what is chosen or lacks something is undone, never tried again, and the
// next is tried. What is installed of the same source is upgraded to the same version. Never
// removes anything; what the walk cannot satisfy is missing from the result, which is a proposal,
// not a solution.
std::vector<OfferId> walk(const ArchiveGraph& graph, std::span<const OfferId> roots);

// Those of `chosen` that `roots` or what is installed need, by any alternative; in the same order.
std::vector<OfferId> needed(const ArchiveGraph& graph, std::span<const OfferId> roots,
                            std::span<const OfferId> chosen);

}  // namespace cogbuild::debian
