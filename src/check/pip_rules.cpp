#include "live_code.hpp"
#include "pip_install.hpp"
#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "started_programs.hpp"

#include <array>

namespace cogbuild::check {
namespace {

// Below an `except`: for places where the package is missing, as it is not in the image.
bool is_fallback(const syntax::Node& node) {
  for (syntax::Node up = node.parent(); up; up = up.parent())
    if (up.is("except_clause")) return true;
  return false;
}

void find_pip_at_run_time(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const PythonFile* file : live_code(subject).files()) {
    // A library's offer to install what it misses is not the author's doing.
    if (!live_code(subject).is_own(file->path()) || !file->mentions({"pip"}) ||
        !file->mentions({"install"}))
      continue;
    for (const auto& started : started_programs(*file)) {
      if (pip_install_words(started.words).empty() || is_fallback(started.call)) continue;
      report.at(started.call, "the model installs Python packages while it starts or runs",
                "list them in the requirements, so that the image holds them");
    }
  }
}

constexpr std::array kRules = {
    Rule{.id = "dependency-installed-at-run-time",
         .group = Group::dependencies,
         .severity = Severity::error,
         .summary = "the model's code calls `pip install`",
         .why = "Each start waits for an index, fails without a network, and gets what is newest "
                "at that minute. Nothing in the image tells what the model really ran with.",
         .bad = "subprocess.check_call([\"pip\", \"install\", \"einops\"])",
         .good = "python_packages:\n  - einops==0.8.0",
         .find = find_pip_at_run_time},
};

}  // namespace

std::span<const Rule> pip_rules() { return kRules; }

}  // namespace cogbuild::check
