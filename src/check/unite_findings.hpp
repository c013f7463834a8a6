#pragma once

#include <cogbuild/check/finding.hpp>

#include <vector>

namespace cogbuild::check {

// Makes one finding, at the first place, of more than three of one rule in one file where the rule
// says how (Rule::many). Requires: sorted by place. What was silenced is gone before.
void unite_findings(std::vector<Finding>& findings);

}  // namespace cogbuild::check
