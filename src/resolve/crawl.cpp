#include "crawl.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace cogbuild::resolve {
namespace {

class Crawl {
 public:
  explicit Crawl(ProjectProvider& provider) : provider_(provider) {}

  void run() {
    for (const Root& root : provider_.demands().roots)
      want(root.name, root.specifiers, root.extras);
    for (const Root& root : provider_.demands().constraints)
      constraints_[root.name].add(root.specifiers);
    ask();
    while (true) {
      const Arrivals arrived = provider_.catalogue().source().wait();
      if (arrived.empty()) return;
      for (const auto& name : arrived.projects) guess(name);
      for (const std::size_t handle : arrived.metadata) {
        const auto found = of_file_.find(handle);
        if (found != of_file_.end()) follow(found->second);
      }
      ask();
    }
  }

 private:
  struct Wanted {
    python::SpecifierSet specifiers{};
    std::set<std::string> extras{};
    bool has_page = false;
    std::optional<pubgrub::Position> guessed{};
    std::set<std::string> followed{};  // extras of the guess, empty for itself
  };

  void want(const python::PackageName& name, const python::SpecifierSet& specifiers,
            const std::vector<std::string>& extras) {
    const auto [place, is_new] = wanted_.try_emplace(name);
    Wanted& wanted = place->second;
    wanted.specifiers.add(specifiers);
    wanted.extras.insert(extras.begin(), extras.end());
    if (is_new && !provider_.catalogue().has(name)) {
      names_.push_back(name);
    } else if (is_new || wanted.has_page) {
      again_.insert(name);
    }
  }

  // The best version by what is asked of it so far.
  void guess(const python::PackageName& name) {
    const auto found = wanted_.find(name);
    if (found == wanted_.end()) return;
    Wanted& wanted = found->second;
    wanted.has_page = true;
    const auto candidates = provider_.catalogue().of(name);
    if (!candidates) return;
    auto allowed = (*candidates)->within(wanted.specifiers);
    if (const auto limit = constraints_.find(name); limit != constraints_.end())
      allowed = allowed & (*candidates)->within(limit->second);
    const auto position = provider_.best(name, allowed);
    if (!position || !*position) return;
    if (wanted.guessed != *position) {
      wanted.guessed = *position;
      wanted.followed.clear();
    }
    const DistributionFile& file = *(*candidates)->at(**position).file;
    // A source archive is a whole download: only when it is truly chosen.
    if (file.form != lock::Form::wheel) return;
    of_file_[file.handle] = name;
    if (provider_.catalogue().has_metadata(file) || asked_.contains(file.handle)) {
      follow(name);
    } else {
      asked_.insert(file.handle);
      files_.push_back(file);
    }
  }

  void follow(const python::PackageName& name) {
    Wanted& wanted = wanted_.at(name);
    if (!wanted.guessed) return;
    const auto read = provider_.catalogue().metadata(name, *wanted.guessed);
    if (!read || !(*read)->metadata) return;
    std::set<std::string> extras = wanted.extras;
    extras.insert(std::string());
    for (const auto& extra : extras) {
      if (!wanted.followed.insert(extra).second) continue;
      for (const Need& need : needs_of(*(*read)->metadata, extra, provider_.demands().reading))
        want(need.name, need.specifiers, need.extras);
    }
  }

  void ask() {
    while (!names_.empty() || !again_.empty()) {
      auto& source = provider_.catalogue().source();
      source.prefetch(std::exchange(names_, {}));
      for (const auto& name : std::exchange(again_, {})) guess(name);
    }
    provider_.catalogue().source().prefetch_metadata(std::exchange(files_, {}));
  }

  ProjectProvider& provider_;
  std::map<python::PackageName, Wanted> wanted_{};
  std::map<python::PackageName, python::SpecifierSet> constraints_{};
  std::map<std::size_t, python::PackageName> of_file_{};
  std::set<std::size_t> asked_{};
  std::vector<python::PackageName> names_{};
  std::set<python::PackageName> again_{};
  std::vector<DistributionFile> files_{};
};

}  // namespace

void crawl(ProjectProvider& provider) { Crawl(provider).run(); }

}  // namespace cogbuild::resolve
