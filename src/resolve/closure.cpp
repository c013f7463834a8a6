#include "closure.hpp"

#include <deque>

namespace cogbuild::resolve {
namespace {

const python::Metadata* metadata_of(const python::PackageName& name, const Decisions& decisions) {
  const auto found = decisions.find(name);
  return found == decisions.end() ? nullptr : found->second.metadata.get();
}

// Calls `see` with every need of a distribution and of its extras.
template <class See>
void each_need(const python::Metadata& metadata, const std::set<std::string>& extras,
               const ReadingRules& rules, See see) {
  for (const Need& need : needs_of(metadata, {}, rules)) see(need);
  for (const auto& extra : extras)
    for (const Need& need : needs_of(metadata, extra, rules)) see(need);
}

// Finds what is reachable, with all extras asked for: a node is visited again whenever it gains
// one.
class Reachable {
 public:
  Reachable(Closure& closure, const Decisions& decisions, const ReadingRules& rules)
      : closure_(closure), decisions_(decisions), rules_(rules) {}

  void add(const python::PackageName& name, const std::vector<std::string>& extras, bool project,
           const Root* via) {
    Node& node = closure_[name];
    bool changed = node.via == nullptr;
    if (changed || (project && !node.project)) {
      node.via = via;
      node.project = project;
      changed = true;
    }
    for (const auto& extra : extras) changed = node.extras.insert(extra).second || changed;
    if (changed) queue_.push_back(name);
  }

  void run() {
    while (!queue_.empty()) {
      const python::PackageName name = std::move(queue_.front());
      queue_.pop_front();
      const auto* metadata = metadata_of(name, decisions_);
      if (metadata == nullptr) continue;
      const Node node = closure_.at(name);
      each_need(*metadata, node.extras, rules_,
                [&](const Need& need) { add(need.name, need.extras, node.project, node.via); });
    }
  }

 private:
  Closure& closure_;
  const Decisions& decisions_;
  const ReadingRules& rules_;
  std::deque<python::PackageName> queue_{};
};

}  // namespace

Closure close(const std::vector<Root>& roots, const Decisions& decisions,
              const ReadingRules& rules) {
  const auto is_dropped = [&rules](const Root& root) {
    const auto found = rules.overrides.find(root.name);
    return found != rules.overrides.end() && found->second == nullptr;
  };
  Closure closure;
  Reachable reachable(closure, decisions, rules);
  for (const Root& root : roots)
    if (!is_dropped(root))
      reachable.add(root.name, root.extras, root.group == lock::Group::project, &root);
  reachable.run();

  for (const Root& root : roots)
    if (!is_dropped(root))
      closure.at(root.name).wants.push_back({.root = &root, .asked_as = root.asked_as});
  for (auto& [name, node] : closure) {
    const auto* metadata = metadata_of(name, decisions);
    if (metadata == nullptr) continue;
    each_need(*metadata, node.extras, rules, [&](const Need& need) {
      if (need.name != name) node.requirements.insert(need.name);
      closure.at(need.name).wants.push_back(
          {.requirer = name, .root = node.via, .asked_as = need.asked_as});
    });
  }
  return closure;
}

}  // namespace cogbuild::resolve
