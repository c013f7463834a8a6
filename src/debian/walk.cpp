#include "walk.hpp"

#include <algorithm>
#include <tuple>

namespace cogbuild::debian {
namespace {

// Of a chain of dependencies; an archive's longest are below a hundred.
constexpr std::size_t kMaxDepth = 1000;
// Of packages whose needs are looked at: two that exclude each other may give way in turn, and
// hostile ones without end. An archive's largest desktop takes some thousand.
constexpr std::size_t kMaxSteps = 100'000;

class Walk {
 public:
  explicit Walk(const ArchiveGraph& graph)
      : graph_(graph), names_(graph.name_count()), is_chosen_(graph.size()) {
    for (NameId name = 0; name < names_.size(); ++name) {
      names_[name].candidate = graph.candidate(name);
      const OfferId id = graph.installed(name);
      if (id == kNoOffer) continue;
      set_chosen(name, id);
      if (id != graph.candidate(name)) upgradable_.push_back(name);
    }
  }

  std::vector<OfferId> run(std::span<const OfferId> roots) {
    for (const OfferId root : roots) {
      const NameId name = graph_[root].name;
      names_[name].candidate = root;
      names_[name].is_protected = true;
    }
    note_what_is_broken();
    for (const OfferId root : roots) mark(graph_[root].name);
    for (const OfferId root : roots) install(graph_[root].name, 0);
    mend_installed();
    return needed(graph_, roots, result());
  }

 private:
  struct Name {
    OfferId chosen = kNoOffer;     // what the root will have
    OfferId candidate = kNoOffer;  // what may be chosen; none: it was tried in vain
    bool marked = false;           // its candidate is chosen and its needs were looked at
    bool is_protected = false;     // a root, or what a root needs without a choice
    bool in_progress = false;
    bool propagated = false;  // its needs were looked at since it is protected
  };

  void set_chosen(NameId name, OfferId id) {
    if (names_[name].chosen != kNoOffer) is_chosen_[names_[name].chosen] = false;
    names_[name].chosen = id;
    if (id != kNoOffer) is_chosen_[id] = true;
  }
  [[nodiscard]] bool is_chosen(OfferId id) const { return is_chosen_[id]; }
  [[nodiscard]] bool is_candidate(OfferId id) const {
    return names_[graph_[id].name].candidate == id;
  }
  [[nodiscard]] bool is_fixed(NameId name) const {
    return names_[name].is_protected || names_[name].in_progress;
  }

  [[nodiscard]] bool is_satisfied(Range group) const {
    return any_taker(group, [this](OfferId id) { return is_chosen(id); });
  }
  template <class Test>
  [[nodiscard]] bool any_taker(Range group, Test test) const {
    const auto alternatives = graph_.alternatives(group);
    return std::any_of(alternatives.begin(), alternatives.end(), [&](RelationId relation) {
      const auto takers = graph_.takers(relation);
      return std::any_of(takers.begin(), takers.end(), test);
    });
  }

  void mark(NameId name) {
    Name& state = names_[name];
    if (state.chosen != state.candidate) order_.push_back(state.candidate);
    set_chosen(name, state.candidate);
    state.marked = true;
  }

  // Back to what is installed, and its candidate is not tried again.
  void discard(NameId name) {
    Name& state = names_[name];
    set_chosen(name, graph_.installed(name));
    state.marked = false;
    state.candidate = state.chosen;
  }

  bool keep_as_it_was(NameId name) {
    if (is_fixed(name)) return false;
    set_chosen(name, graph_.installed(name));
    names_[name].marked = false;
    return true;
  }

  // False: it cannot be, and nothing but its dependencies is left of it.
  bool install(NameId name, std::size_t depth) {
    Name& state = names_[name];
    const OfferId wanted = state.candidate;
    if (wanted == kNoOffer || depth > kMaxDepth || steps_ > kMaxSteps) return false;
    if (!state.is_protected && (state.marked || wanted == graph_.installed(name))) return true;
    if (state.is_protected && state.propagated) return true;
    if (state.in_progress) return true;
    ++steps_;
    const bool must = state.is_protected;
    if (!must && !can_be_satisfied(wanted)) {
      discard(name);
      return false;
    }
    std::vector<NameId> upgrades;
    if (!make_room(wanted, must, upgrades) && !must) return false;
    if (!state.marked) mark(name);
    state.propagated = must;
    state.in_progress = true;
    bool done = upgrade(upgrades, depth);
    if (done || must) done = install_needs(wanted, must, depth) && done;
    if (done) upgrade_siblings(wanted, depth);
    state.in_progress = false;
    if (!done && !must) discard(name);
    return done;
  }

  // Whether each group has something that is chosen or may be.
  [[nodiscard]] bool can_be_satisfied(OfferId id) const {
    if (graph_[id].installed) return true;
    const auto groups = graph_.groups(id);
    return std::all_of(groups.begin(), groups.end(), [this](Range group) {
      return any_taker(group,
                       [this](OfferId taker) { return is_chosen(taker) || is_candidate(taker); });
    });
  }

  // What is chosen and conflicts gives way when nothing holds it; what is installed is upgraded
  // where that helps. What a root, or what it cannot do without, conflicts with is out of question
  // from now on.
  bool make_room(OfferId id, bool must, std::vector<NameId>& upgrades) {
    bool made = true;
    for (const RelationId relation : graph_.conflicts(id))
      for (const OfferId other : graph_.takers(relation)) {
        const NameId name = graph_[other].name;
        if (name == graph_[id].name) continue;
        if (is_chosen(other))
          made = (graph_[other].installed ? retreat(other, graph_.takers(relation), upgrades)
                                          : keep_as_it_was(name)) &&
                 made;
        if (must && is_candidate(other) && !graph_[other].installed && !is_fixed(name))
          discard(name);
        if (!made && !must) return false;
      }
    for (const OfferId other : graph_.enemies(id)) {
      if (is_chosen(other)) made = retreat(other, graph_.enemies(id), upgrades) && made;
      if (!made && !must) return false;
    }
    return made;
  }

  // Of a chosen package that stands against another: an installed one may have a newer version,
  // which does not (it is none of `hits`).
  bool retreat(OfferId other, std::span<const OfferId> hits, std::vector<NameId>& upgrades) {
    const NameId name = graph_[other].name;
    const OfferId newer = names_[name].candidate;
    if (!graph_[other].installed || newer == kNoOffer || newer == other || is_fixed(name))
      return false;
    if (std::find(hits.begin(), hits.end(), newer) != hits.end()) return false;
    upgrades.push_back(name);
    return true;
  }

  bool upgrade(const std::vector<NameId>& names, std::size_t depth) {
    return std::all_of(names.begin(), names.end(), [&](NameId name) {
      return names_[name].marked || install(name, depth + 1);
    });
  }

  bool install_needs(OfferId id, bool must, std::size_t depth) {
    bool done = true;
    for (const Range group : graph_.groups(id)) {
      if (is_satisfied(group)) {
        if (must) protect_sole(group, depth);
        continue;
      }
      if (install_one(group, must, depth)) continue;
      done = false;
      if (!must) return false;
    }
    return done;
  }

  // What is installed and of the same source follows to the same version of it, as apt has it
  // (APT::Get::Upgrade-By-Source-Package). When it cannot, nothing is lost.
  void upgrade_siblings(OfferId id, std::size_t depth) {
    const Package& package = graph_.package(id);
    for (const NameId name : upgradable_) {
      const OfferId newer = names_[name].candidate;
      if (names_[name].marked || newer == kNoOffer || newer == graph_.installed(name)) continue;
      const Package& sibling = graph_.package(newer);
      if (sibling.source == package.source && sibling.source_version == package.source_version)
        install(name, depth + 1);
    }
  }

  // What a protected package needs, and only one can satisfy, is as necessary.
  void protect_sole(Range group, std::size_t depth) {
    const auto possible = solutions(group);
    if (possible.size() != 1) return;
    const NameId name = graph_[possible.front()].name;
    if (names_[name].is_protected || !is_chosen(possible.front())) return;
    names_[name].is_protected = true;
    install(name, depth + 1);
  }

  bool install_one(Range group, bool must, std::size_t depth) {
    const auto possible = solutions(group);
    for (const OfferId id : possible) {
      if (!is_candidate(id)) continue;
      const NameId name = graph_[id].name;
      if (must && possible.size() == 1 && !names_[name].is_protected) {
        mark(name);
        names_[name].is_protected = true;
      }
      if (install(name, depth + 1)) return true;
    }
    return false;
  }

  // The candidates that satisfy a group, the best first: those that upgrade before those that are
  // new, whatever alternative they are of.
  [[nodiscard]] std::vector<OfferId> solutions(Range group) const {
    std::vector<OfferId> upgrades;
    std::vector<OfferId> fresh;
    std::vector<OfferId> providers;
    for (const RelationId relation : graph_.alternatives(group)) {
      const auto takers = graph_.takers(relation);
      providers.assign(takers.begin(), takers.end());
      std::erase_if(providers, [this](OfferId id) { return !is_candidate(id); });
      const auto asked = graph_.relation(relation).name;
      std::sort(providers.begin(), providers.end(),
                [&](OfferId a, OfferId b) { return rank(a, asked) < rank(b, asked); });
      for (const OfferId id : providers) {
        auto& list = graph_.installed(graph_[id].name) != kNoOffer ? upgrades : fresh;
        if (std::find(list.begin(), list.end(), id) == list.end()) list.push_back(id);
      }
    }
    upgrades.insert(upgrades.end(), fresh.begin(), fresh.end());
    return upgrades;
  }

  // Least is best. (Negated: false sorts before true.)
  [[nodiscard]] std::tuple<bool, bool, bool, bool, bool, Priority, std::string_view> rank(
      OfferId id, std::string_view asked) const {
    const Package& package = graph_.package(id);
    const NameId name = graph_[id].name;
    return {!is_fixed(name),       graph_.installed(name) == kNoOffer,
            package.name != asked, !package.essential,
            !package.is_protected, package.priority,
            package.name};
  }

  // A base may be composed of less than its packages declare; only what the walk breaks counts.
  void note_what_is_broken() {
    for (NameId name = 0; name < names_.size(); ++name)
      if (const OfferId id = graph_.installed(name); id != kNoOffer)
        for (const Range group : graph_.groups(id))
          if (!is_satisfied(group)) was_broken_.push_back(group.begin);
    std::sort(was_broken_.begin(), was_broken_.end());
  }

  // An upgrade may leave an installed package without what it needs (`Depends: x (= 1)`); its own
  // newer version is then taken, as apt's resolver does.
  void mend_installed() {
    std::vector<bool> tried(names_.size());
    for (bool changed = true; changed;) {
      changed = false;
      for (NameId name = 0; name < names_.size(); ++name) {
        const OfferId id = graph_.installed(name);
        if (id == kNoOffer || names_[name].chosen != id || names_[name].candidate == id) continue;
        if (tried[name] || is_mended(id)) continue;
        tried[name] = true;
        if (install(name, 0)) changed = true;
      }
    }
  }

  [[nodiscard]] bool is_mended(OfferId id) const {
    const auto groups = graph_.groups(id);
    return std::all_of(groups.begin(), groups.end(), [this](Range group) {
      return is_satisfied(group) ||
             std::binary_search(was_broken_.begin(), was_broken_.end(), group.begin);
    });
  }

  [[nodiscard]] std::vector<OfferId> result() const {
    std::vector<OfferId> chosen;
    std::vector<bool> seen(graph_.size());
    for (const OfferId id : order_) {
      if (!is_chosen(id) || seen[id]) continue;
      seen[id] = true;
      chosen.push_back(id);
    }
    return chosen;
  }

  const ArchiveGraph& graph_;
  std::vector<Name> names_;
  std::vector<bool> is_chosen_;
  std::vector<NameId> upgradable_{};
  std::vector<OfferId> order_{};
  std::size_t steps_ = 0;
  std::vector<std::uint32_t> was_broken_{};  // where their groups begin, sorted
};

}  // namespace

std::vector<OfferId> walk(const ArchiveGraph& graph, std::span<const OfferId> roots) {
  return Walk(graph).run(roots);
}

}  // namespace cogbuild::debian
