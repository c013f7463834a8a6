#include "closure.hpp"

#include <deque>

namespace cogbuild::resolve {
namespace {

const python::Metadata* metadata_of(const python::PackageName& name, const Decisions& decisions) {
  const auto found = decisions.find(name);
  return found == decisions.end() ? nullptr : found->second.metadata.get();
}

// Finds what is reachable, with all extras asked for: a node is visited again whenever it gains
// one.
class Reachable {
 public:
  Reachable(Closure& closure, const Decisions& decisions, const Replacements& replacements,
            const python::MarkerEnvironment& environment)
      : closure_(closure),
        decisions_(decisions),
        replacements_(replacements),
        environment_(environment) {}

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
      const Node& node = closure_.at(name);
      const std::vector<std::string> extras(node.extras.begin(), node.extras.end());
      const bool project = node.project;
      const Root* via = node.via;
      for (const auto& requirement : metadata->requires_dist) {
        if (!requirement.applies(environment_, extras)) continue;
        add(replacements_(requirement.name), requirement.extras, project, via);
      }
    }
  }

 private:
  Closure& closure_;
  const Decisions& decisions_;
  const Replacements& replacements_;
  const python::MarkerEnvironment& environment_;
  std::deque<python::PackageName> queue_{};
};

}  // namespace

Closure close(const std::vector<Root>& roots, const Decisions& decisions,
              const Replacements& replacements, const python::MarkerEnvironment& environment) {
  Closure closure;
  Reachable reachable(closure, decisions, replacements, environment);
  for (const Root& root : roots) {
    reachable.add(root.name, root.extras, root.group == lock::Group::project, &root);
  }
  reachable.run();

  for (const Root& root : roots) {
    closure.at(root.name).wants.push_back({.root = &root,
                                           .specifiers = root.specifiers,
                                           .extras = root.extras,
                                           .asked_as = root.asked_as});
  }
  for (auto& [name, node] : closure) {
    const auto* metadata = metadata_of(name, decisions);
    if (metadata == nullptr) continue;
    const std::vector<std::string> extras(node.extras.begin(), node.extras.end());
    for (const auto& requirement : metadata->requires_dist) {
      if (!requirement.applies(environment, extras)) continue;
      const python::PackageName& needed = replacements(requirement.name);
      if (needed != name) node.requirements.insert(needed);
      closure.at(needed).wants.push_back(
          {.requirer = name,
           .root = node.via,
           .specifiers = requirement.specifiers,
           .extras = requirement.extras,
           .by_url = !requirement.url.empty(),
           .asked_as = needed == requirement.name ? std::string() : to_string(requirement.name)});
    }
  }
  return closure;
}

}  // namespace cogbuild::resolve
