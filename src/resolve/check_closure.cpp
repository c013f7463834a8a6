#include "check_closure.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::resolve {
namespace {

// `scipy` 1.11.1
std::string with_version(const python::PackageName& name, const Decisions& decisions) {
  return fmt::format("`{}` {}", to_string(name), to_string(decisions.at(name).selected->version));
}

std::string hash_option(const DistributionFile& file) {
  const auto known = std::find_if(file.hashes.begin(), file.hashes.end(),
                                  [](const auto& hash) { return hash.algorithm == "sha256"; });
  return fmt::format("--hash=sha256:{}", known == file.hashes.end() ? "…" : known->hex);
}

std::string requirers(const Node& node, const Decisions& decisions) {
  std::vector<std::string> names;
  for (const Want& want : node.wants) {
    if (want.requirer.empty()) continue;
    auto text = with_version(want.requirer, decisions);
    if (std::find(names.begin(), names.end(), text) == names.end())
      names.push_back(std::move(text));
  }
  return names.empty() ? std::string() : fmt::format(", needed by {}", fmt::join(names, ", "));
}

}  // namespace

std::vector<Error> find_missing_hashes(const Checked& checked) {
  std::vector<Error> problems;
  for (const auto& [name, node] : checked.closure) {
    if (!node.project) continue;
    const auto found = checked.users.find(name);
    const UserSide side = found == checked.users.end() ? UserSide{} : found->second;
    const Selected& selected = *checked.decisions.at(name).selected;
    // A replaced name cannot have the hashes of the other's files.
    if (side.root != nullptr && !side.root->asked_as.empty()) continue;
    std::string message;
    if (selected.file.form == lock::Form::version_control ||
        selected.file.form == lock::Form::directory) {
      message = fmt::format("`{}` is no file that could have a hash, but other requirements have",
                            to_string(name));
    } else if (side.hashes.empty()) {
      message = fmt::format("`{}` has no `--hash`, but other requirements have{}", to_string(name),
                            requirers(node, checked.decisions));
    } else if (!side.pinned()) {
      message = fmt::format("`{}` has a `--hash` and must be pinned to one version",
                            describe(*side.root));
    } else {
      continue;
    }
    Error error(ErrorKind::config, std::move(message));
    const Root* at = side.root != nullptr ? side.root : node.via;
    if (at != nullptr && !at->location.file.empty()) error = std::move(error).at(at->location);
    const bool is_direct = checked.decisions.at(name).direct;
    problems.push_back(std::move(error).hint(
        is_direct ? fmt::format("add `{}`", hash_option(selected.file))
                  : fmt::format("write `{}=={} {}`", to_string(name), to_string(selected.version),
                                hash_option(selected.file))));
  }
  return problems;
}

void warn_of_oddities(const Checked& checked, progress::Reporter& reporter) {
  for (const auto& [name, node] : checked.closure) {
    const Decision& decision = checked.decisions.at(name);
    const auto shown = with_version(name, checked.decisions);
    const auto& offered = decision.metadata->provides_extras;
    for (const auto& extra : node.extras) {
      if (std::find(offered.begin(), offered.end(), extra) == offered.end())
        reporter.warn(fmt::format("{} has no extra `{}`", shown, extra));
    }
    const DistributionFile& file = decision.selected->file;
    if (file.yanked)
      reporter.warn(
          fmt::format("{} was yanked{}", shown,
                      file.yanked_reason.empty() ? "" : fmt::format(": {}", file.yanked_reason)));
    const auto& python = decision.metadata->requires_python;
    if (python && !python->contains(checked.target.python))
      reporter.warn(fmt::format("{} is declared for Python {}, and installed on {} all the same",
                                shown, to_string(*python), to_string(checked.target.python)));
    if (file.form != lock::Form::wheel)
      reporter.warn(
          fmt::format("{} is no wheel: it must be built before it can be installed, and "
                      "building from source is not available yet",
                      shown));
  }
}

}  // namespace cogbuild::resolve
