#include "walk.hpp"

#include <algorithm>

namespace cogbuild::debian {

std::vector<OfferId> needed(const ArchiveGraph& graph, std::span<const OfferId> roots,
                            std::span<const OfferId> chosen) {
  std::vector<bool> is_there(graph.size());
  std::vector<OfferId> in_root(graph.name_count(), kNoOffer);
  for (OfferId id = 0; id < graph.size(); ++id)
    if (graph[id].installed) in_root[graph[id].name] = id;
  for (const OfferId id : chosen) in_root[graph[id].name] = id;
  for (const OfferId id : in_root)
    if (id != kNoOffer) is_there[id] = true;

  std::vector<bool> reached(graph.size());
  std::vector<OfferId> open;
  const auto reach = [&](OfferId id) {
    if (!is_there[id] || reached[id]) return;
    reached[id] = true;
    open.push_back(id);
  };
  for (const OfferId root : roots) reach(root);
  for (NameId name = 0; name < graph.name_count(); ++name)
    if (graph.installed(name) != kNoOffer) reach(in_root[name]);
  while (!open.empty()) {
    const OfferId id = open.back();
    open.pop_back();
    for (const Range group : graph.groups(id))
      for (const RelationId relation : graph.alternatives(group))
        for (const OfferId taker : graph.takers(relation)) reach(taker);
  }

  std::vector<OfferId> result;
  std::copy_if(chosen.begin(), chosen.end(), std::back_inserter(result),
               [&](OfferId id) { return reached[id]; });
  return result;
}

}  // namespace cogbuild::debian
