#pragma once

#include <cogbuild/check/check.hpp>

#include <string>

namespace cogbuild::check {

// Each carries the same findings in the same order.
std::string render_text(const Outcome& outcome, bool color);
std::string render_json(const Outcome& outcome);  // docs/check-schema.md
std::string render_sarif(const Outcome& outcome, std::string_view cogbuild_version);  // SARIF 2.1.0
// Workflow commands of GitHub Actions; at most ten annotations of a severity, the rest one summary
// line.
std::string render_github(const Outcome& outcome);

// Why a rule is there, a bad and a good example, how to silence it.
std::string explain(const Rule& rule);
// docs/rules.md's table of rules.
std::string rules_as_markdown();

}  // namespace cogbuild::check
