#include "suppression_rules.hpp"

#include "rule_groups.hpp"

#include <array>

namespace cogbuild::check {
namespace {

// `check` itself finds these, once all other rules have run.
void find_nothing(const Subject&, std::vector<Finding>&) {}

constexpr std::array<Rule, 2> kRules = {{
    {.id = kUnknownRule,
     .group = Group::config,
     .summary = "a comment or cogbuild.yaml names a rule that does not exist",
     .why = "A mistyped name silences nothing.",
     .bad = "torch  # cogbuild: ignore[unpined]\n",
     .good = "torch  # cogbuild: ignore[unpinned]\n",
     .find = find_nothing},
    {.id = kUnusedIgnore,
     .group = Group::config,
     .fixable = true,
     .summary = "a comment ignores a rule that finds nothing there",
     .why = "What it once silenced is gone. Left in place, it would hide the next finding of its "
            "rule on that line.",
     .bad = "torch==2.4.1  # cogbuild: ignore[unpinned]\n",
     .good = "torch==2.4.1\n",
     .find = find_nothing},
}};

}  // namespace

std::span<const Rule> suppression_rules() { return kRules; }

}  // namespace cogbuild::check
