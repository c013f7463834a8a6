#include "opencv_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace cogbuild::resolve {

namespace {

// Whether some wheel of the project is of a version that the specifiers fix.
Result<bool> has_wheel(const python::PackageName& name, const python::SpecifierSet& specifiers,
                       DistributionSource& source, const FileRules& rules) {
  TRY_ASSIGN(auto releases, source.releases(name));
  const UserSide side{.lone_pins = specifiers.clauses()};
  Candidates candidates(name, std::move(releases), rules, &side, std::nullopt);
  for (const auto position : candidates.within(specifiers).positions()) {
    const Candidate& candidate = candidates.at(position);
    if (candidate.file && !candidate.is_source()) return true;
  }
  return false;
}

}  // namespace

Result<Replacements> prefer_headless(const std::vector<Root>& roots, DistributionSource& source,
                                     const FileRules& rules, progress::Reporter& reporter) {
  Replacements replacements;
  for (const auto& [gui_text, headless_text] :
       {std::pair(opencv::kPlain, opencv::kPlainHeadless),
        std::pair(opencv::kContrib, opencv::kContribHeadless)}) {
    const auto gui = opencv::name(gui_text);
    const auto headless = opencv::name(headless_text);
    bool keep = false;
    for (const Root& root : roots) {
      if (root.name != gui) continue;
      if (!root.direct.empty()) keep = true;
      if (keep || root.specifiers.pin() == nullptr) continue;
      // The same version or none: never another one without being told.
      TRY_ASSIGN(const bool found, has_wheel(headless, root.specifiers, source, rules));
      if (found) continue;
      keep = true;
      reporter.warn(fmt::format(
          "{}: `{}` is kept, as there is no {} of that version; at import it needs libGL "
          "(`libgl1`) and glib in the image",
          place(root), describe(root), headless_text));
    }
    if (!keep) replacements.add(gui, headless);
  }
  return replacements;
}

bool needs_contrib_alone(const Decisions& decisions) {
  const auto plain = decisions.find(opencv::name(opencv::kPlainHeadless));
  return plain != decisions.end() && !plain->second.direct &&
         decisions.contains(opencv::name(opencv::kContribHeadless));
}

Replacements contrib_alone(Replacements replacements) {
  const auto contrib = opencv::name(opencv::kContribHeadless);
  const auto plain_headless = opencv::name(opencv::kPlainHeadless);
  // What was kept as a GUI build stays one.
  for (const auto text : {opencv::kPlain, opencv::kContrib, opencv::kPlainHeadless}) {
    const auto name = opencv::name(text);
    if (replacements(name) != name || name == plain_headless) replacements.add(name, contrib);
  }
  return replacements;
}

Result<void> replace_names(std::vector<Root>& roots, const Replacements& replacements,
                           DistributionSource& source, progress::Reporter& reporter) {
  for (Root& root : roots) {
    const python::PackageName name = replacements(root.name);
    if (name == root.name) continue;
    if (root.asked_as.empty()) root.asked_as = to_string(root.name);
    if (!root.hashes.empty()) {
      TRY_ASSIGN(const auto releases, source.releases(name));
      std::set<python::FileHash> known;
      for (std::size_t n = 0; n < releases->versions().size(); ++n)
        for (const auto& file : releases->files(n))
          known.insert(file.hashes.begin(), file.hashes.end());
      const std::string asked = describe(root);
      std::erase_if(root.hashes, [&](const auto& hash) { return !known.contains(hash); });
      if (root.hashes.empty())
        reporter.warn(
            fmt::format("{}: the hashes of `{}` cannot apply to {}, so the index's own is taken",
                        place(root), asked, to_string(name)));
    }
    root.name = name;
  }
  return {};
}

void note_replacements(const Closure& closure, const Decisions& decisions,
                       progress::Reporter& reporter) {
  for (const auto& [name, node] : closure) {
    std::map<std::string, std::set<std::string>> requirers;  // by the name asked for
    std::set<std::string> by_user;
    for (const Want& want : node.wants) {
      if (want.asked_as.empty()) continue;
      if (want.requirer.empty()) by_user.insert(want.asked_as);
      requirers[want.asked_as].insert(to_string(want.requirer));
    }
    const auto version = to_string(decisions.at(name).selected->version);
    for (const auto& [asked_as, names] : requirers) {
      const bool was_gui = asked_as.find("headless") == std::string::npos;
      const std::string why = was_gui ? "no GUI libraries needed; --no-opencv-headless keeps it"
                                      : "contrib holds everything of it";
      reporter.note(
          by_user.contains(asked_as)
              ? fmt::format("{} {} -> {} {} ({})", asked_as, version, to_string(name), version, why)
              : fmt::format("{} -> {} {} (asked for by {}; {})", asked_as, to_string(name), version,
                            fmt::join(names, ", "), why));
    }
  }
}

}  // namespace cogbuild::resolve
