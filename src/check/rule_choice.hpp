#pragma once

#include <cogbuild/check/check.hpp>

#include <vector>

namespace cogbuild::check {

// Which rules run. Those that `check.ignore` of cogbuild.yaml names run too, so that what they find
// is counted.
struct RuleChoice {
  std::vector<const Rule*> run{};      // in the order of the table
  std::vector<const Rule*> ignored{};  // of `run`: what they find is not listed
};

// The command line wins over cogbuild.yaml: a rule that `--only` or `--enable` names by its id is
// not ignored. Error: usage for a name that stands for no rule.
Result<RuleChoice> choose_rules(const config::CheckSettings& settings, const Options& options);

}  // namespace cogbuild::check
