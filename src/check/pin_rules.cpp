#include "listed_requirements.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::check {
namespace {

void find_unpinned(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.requirements || has_python_lock(subject)) return;
  RuleReporter report(findings);
  for (const auto& listed : listed_requirements(subject)) {
    const auto& line = *listed.line;
    const auto& requirement = listed.requirement();
    if (line.kind != python::RequirementLine::Kind::named || !requirement.url.empty() ||
        !line.hashes.empty() || requirement.specifiers.pin() != nullptr)
      continue;
    const auto what = requirement.specifiers.empty()
                          ? fmt::format("`{}` has no version", text_of(listed))
                          : fmt::format("`{}` allows more than one version", text_of(listed));
    report
        .at(location_of(listed), what + ": the next build may take another one",
            fmt::format("write `{}==<version>`, or commit the pylock.toml of `cogbuild lock`",
                        listed.written))
        .about(text_of(listed));
  }
}

bool is_commit(std::string_view text) {
  return text.size() >= 7 && text.size() <= 40 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

// `v1.2`, `1.2.0`, `release-3`: by custom nobody moves them.
bool looks_like_release(std::string_view text) {
  const auto digit = text.find_first_of("0123456789");
  if (digit == std::string_view::npos) return false;
  constexpr std::array<std::string_view, 5> kPrefixes = {"", "v", "V", "release-", "release/"};
  return std::ranges::find(kPrefixes, text.substr(0, digit)) != kPrefixes.end();
}

// What stands behind the `@` of a repository's URL, fragment and query left out; empty: nothing.
std::string_view revision_of(std::string_view url) {
  url = url.substr(0, url.find_first_of("#?"));
  const auto scheme = url.find("://");
  const auto slash = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (slash == std::string_view::npos) return {};
  const auto at = url.find('@', slash);
  return at == std::string_view::npos ? std::string_view() : url.substr(at + 1);
}

std::string_view repository_name(std::string_view url) {
  url = url.substr(0, url.find_first_of("#?"));
  const auto scheme = url.find("://");
  const auto path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
  if (path == std::string_view::npos) return "repository";
  url = url.substr(0, url.find('@', path));
  while (url.ends_with('/')) url.remove_suffix(1);
  if (url.ends_with(".git")) url.remove_suffix(4);
  return url.substr(url.rfind('/') + 1);
}

void report_moving(std::string_view url, const SourceLocation& location, RuleReporter& report) {
  const auto revision = revision_of(url);
  if (is_commit(revision) || looks_like_release(revision)) return;
  const auto name = repository_name(url);
  const auto what =
      revision.empty()
          ? fmt::format("the repository `{}` is taken without a commit", name)
          : fmt::format("the repository `{}` is taken at `{}`, which moves", name, revision);
  report.at(location, what + ": the next build may take other code",
            "put `@` and the full commit behind the URL");
}

void find_moving_git(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.requirements || has_python_lock(subject)) return;
  RuleReporter report(findings);
  for (const auto& line : subject.requirements->requirements) {
    const auto& url = line.kind == python::RequirementLine::Kind::versioned ? line.location_text
                                                                            : line.requirement.url;
    if (url.starts_with("git+")) report_moving(url, line.location, report);
  }
}

constexpr std::array kRules = {
    Rule{
        .id = "dependency-unpinned",
        .group = Group::dependencies,
        .severity = Severity::warning,
        .summary = "requirements without an exact version, and no lock file",
        .why = "A name without a version means the newest release on the day of the build. The "
               "model that worked yesterday breaks without a change of yours. A committed "
               "pylock.toml pins all of them at once, and what they need in turn.",
        .bad = "python_packages:\n  - torch\n  - transformers>=4.30",
        .good = "python_packages:\n  - torch==2.5.1\n  - transformers==4.46.3",
        .many = "requirements have no exact version, so the next build may take other ones",
        .many_fix = "commit the pylock.toml of `cogbuild lock`, or write `==<version>` behind each",
        .find = find_unpinned},
    Rule{.id = "dependency-git-unpinned",
         .group = Group::dependencies,
         .severity = Severity::warning,
         .summary = "a git repository is installed without a commit",
         .why = "A branch moves: the same cog.yaml installs other code next month, or none if the "
                "branch is renamed. A commit stays what it is.",
         .bad = "git+https://github.com/openai/CLIP.git",
         .good = "git+https://github.com/openai/CLIP.git@a1d071733d7111c9c014f024669f959182114e33",
         .find = find_moving_git},
};

}  // namespace

std::span<const Rule> pin_rules() { return kRules; }

}  // namespace cogbuild::check
