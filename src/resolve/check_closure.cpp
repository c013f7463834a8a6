#include "check_closure.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

// `scipy` 1.11.1
std::string with_version(const python::PackageName& name, const Decisions& decisions) {
  const auto found = decisions.find(name);
  if (found == decisions.end() || !found->second.selected)
    return fmt::format("`{}`", to_string(name));
  return fmt::format("`{}` {}", to_string(name), to_string(found->second.selected->version));
}

class Problems {
 public:
  explicit Problems(const Checked& checked) : checked_(checked) {}

  std::vector<Error> run() {
    find_clashing_roots();
    for (const auto& [name, node] : checked_.closure) {
      if (!clashing_.contains(name)) check(name, node, checked_.decisions.at(name));
    }
    return std::move(problems_);
  }

 private:
  void add(ErrorKind kind, std::string message, const Root* at, const std::string& hint = {}) {
    Error error(kind, std::move(message));
    if (at != nullptr && !at->location.file.empty()) error = std::move(error).at(at->location);
    if (!hint.empty()) error = std::move(error).hint(hint);
    problems_.push_back(std::move(error));
  }

  // Two lines that fix one distribution differently.
  void find_clashing_roots() {
    std::map<python::PackageName, const Root*> fixed;
    for (const Root& root : checked_.roots) {
      const auto* const pin = root.specifiers.pin();
      if (pin == nullptr && root.direct.empty()) continue;
      const auto [first, is_first] = fixed.emplace(root.name, &root);
      if (is_first) continue;
      const Root& other = *first->second;
      const auto* const other_pin = other.specifiers.pin();
      const bool same_direct = root.direct == other.direct;
      const bool both_pinned = pin != nullptr && other_pin != nullptr;
      const bool same_pin =
          !both_pinned || pin->contains(other_pin->version) || other_pin->contains(pin->version);
      const bool one_direct =
          root.direct.empty() != other.direct.empty();  // then versions are compared later
      if (same_pin && (same_direct || one_direct)) continue;
      clashing_.insert(root.name);
      add(ErrorKind::unsatisfiable,
          fmt::format("`{}` contradicts `{}` at {}", describe(root), describe(other), place(other)),
          &root);
    }
  }

  void check(const python::PackageName& name, const Node& node, const Decision& decision) {
    const auto user = checked_.users.find(name);
    const UserSide side = user == checked_.users.end() ? UserSide{} : user->second;
    if (!decision.selected || !decision.metadata) {
      check_unselected(name, node, decision, side);
      return;
    }
    const Selected& selected = *decision.selected;
    if (node.project && !side.pinned()) check_unpinned(name, node, selected);
    for (const Want& want : node.wants) check_want(name, want, side, selected, decision.direct);
    if (side.root != nullptr && !side.specifiers.contains(selected.version) && decision.direct) {
      add(ErrorKind::unsatisfiable,
          fmt::format("`{}` is {}, which `{}{}` refuses", selected.file.file_name,
                      to_string(selected.version), to_string(name), to_string(side.specifiers)),
          side.direct);
    }
    if (const auto& python = decision.metadata->requires_python;
        python && !meets_lower_bound(*python, checked_.target.python)) {
      add(ErrorKind::unsatisfiable,
          fmt::format("{} needs Python {}, but the image has {}",
                      with_version(name, checked_.decisions), to_string(*python),
                      to_string(checked_.target.python)),
          side.root != nullptr ? side.root : node.via);
    }
    if (checked_.hash_mode && node.project)
      check_hashes(name, node, side, selected, decision.direct);
  }

  void check_unselected(const python::PackageName& name, const Node& node, const Decision& decision,
                        const UserSide& side) {
    std::string message = fmt::format("`{}` {}", to_string(name), decision.reason);
    if (side.root == nullptr) message += fmt::format("; {}", requirers(node));
    add(ErrorKind::unsatisfiable, std::move(message), side.root != nullptr ? side.root : node.via,
        side.root != nullptr && decision.reason.find("source archive") != std::string::npos
            ? "build a wheel of it and name that wheel's path or URL"
            : "");
  }

  // `needed by `scipy` 1.11.1 and `pandas` 2.0`.
  std::string requirers(const Node& node) const {
    std::vector<std::string> names;
    for (const Want& want : node.wants) {
      if (want.requirer.empty()) continue;
      auto text = with_version(want.requirer, checked_.decisions);
      if (std::find(names.begin(), names.end(), text) == names.end())
        names.push_back(std::move(text));
    }
    return names.empty() ? "asked for directly"
                         : fmt::format("needed by {}", fmt::join(names, ", "));
  }

  void check_unpinned(const python::PackageName& name, const Node& node, const Selected& selected) {
    const auto line = fmt::format("{}=={}", to_string(name), to_string(selected.version));
    const auto direct = std::find_if(node.wants.begin(), node.wants.end(), [](const Want& want) {
      return want.requirer.empty() && want.root->group == lock::Group::project;
    });
    if (direct != node.wants.end()) {
      add(ErrorKind::config,
          fmt::format("`{}` is not pinned to one version", describe(*direct->root)), direct->root,
          fmt::format("write `{}`", line));
    } else {
      add(ErrorKind::config,
          fmt::format("no requirement pins `{}`, {}", to_string(name), requirers(node)), node.via,
          fmt::format("add the line `{}`", line));
    }
  }

  void check_want(const python::PackageName& name, const Want& want, const UserSide& side,
                  const Selected& selected, bool direct) {
    if (want.requirer.empty()) return;
    if (want.by_url && !direct) {
      add(ErrorKind::unsatisfiable,
          fmt::format("{} names a URL for `{}`, which a distribution of an index must not",
                      with_version(want.requirer, checked_.decisions), to_string(name)),
          want.root, fmt::format("name that URL yourself: `{} @ https://…`", to_string(name)));
      return;
    }
    if (want.specifiers.contains(selected.version)) return;
    const auto needed = fmt::format(
        "{} needs `{}{}`", with_version(want.requirer, checked_.decisions),
        want.asked_as.empty() ? to_string(name) : want.asked_as, to_string(want.specifiers));
    if (side.root != nullptr) {
      add(ErrorKind::unsatisfiable,
          fmt::format("`{}` does not fit: {}", describe(*side.root), needed), side.root,
          fmt::format("pin a version that is `{}`", to_string(want.specifiers)));
    } else {
      add(ErrorKind::unsatisfiable,
          fmt::format("`{}` {} does not fit: {}", to_string(name), to_string(selected.version),
                      needed),
          want.root);
    }
  }

  void check_hashes(const python::PackageName& name, const Node& node, const UserSide& side,
                    const Selected& selected, bool direct) {
    if (!side.hashes.empty() || (side.root != nullptr && !side.root->asked_as.empty())) return;
    const auto known = std::find_if(selected.file.hashes.begin(), selected.file.hashes.end(),
                                    [](const auto& hash) { return hash.algorithm == "sha256"; });
    const std::string hash = known == selected.file.hashes.end() ? "…" : known->hex;
    add(ErrorKind::config,
        fmt::format("`{}` has no `--hash`, but other requirements have", to_string(name)),
        side.root != nullptr ? side.root : node.via,
        direct ? fmt::format("add `--hash=sha256:{}`", hash)
               : fmt::format("write `{}=={} --hash=sha256:{}`", to_string(name),
                             to_string(selected.version), hash));
  }

  const Checked& checked_;
  std::vector<Error> problems_{};
  std::set<python::PackageName> clashing_{};
};

}  // namespace

std::vector<Error> find_problems(const Checked& checked) { return Problems(checked).run(); }

void warn_of_oddities(const Checked& checked, progress::Reporter& reporter) {
  for (const auto& [name, node] : checked.closure) {
    const Decision& decision = checked.decisions.at(name);
    const auto shown = with_version(name, checked.decisions);
    const auto& offered = decision.metadata->provides_extras;
    for (const auto& extra : node.extras) {
      if (std::find(offered.begin(), offered.end(), extra) == offered.end()) {
        reporter.warn(fmt::format("{} has no extra `{}`", shown, extra));
      }
    }
    const DistributionFile& file = decision.selected->file;
    if (file.yanked) {
      reporter.warn(
          fmt::format("{} was yanked{}", shown,
                      file.yanked_reason.empty() ? "" : fmt::format(": {}", file.yanked_reason)));
    }
    const auto& python = decision.metadata->requires_python;
    if (python && !python->contains(checked.target.python)) {
      reporter.warn(fmt::format("{} is declared for Python {}, and installed on {} all the same",
                                shown, to_string(*python), to_string(checked.target.python)));
    }
  }
}

}  // namespace cogbuild::resolve
