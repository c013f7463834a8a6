#pragma once

#include <cogbuild/check/check.hpp>

#include <string>
#include <string_view>

namespace cogbuild::check {

// One line without its end: `2 errors, 1 warning; 1 can be fixed by --fix; 3 silenced`.
std::string summary(const Outcome& outcome);

// Each carries the same findings in the same order.
std::string render_text(const Outcome& outcome, bool color);
std::string render_json(const Outcome& outcome);  // docs/check-schema.md
// SARIF 2.1.0. `directory`: the project's, relative to its repository; empty for the root itself.
std::string render_sarif(const Outcome& outcome, std::string_view cogbuild_version,
                         std::string_view directory = {});
// Workflow commands of GitHub Actions; at most ten annotations of a severity, what is left out is
// counted in the summary line at the end.
std::string render_github(const Outcome& outcome, std::string_view directory = {});

// Why a rule is there, a bad and a good example, how to silence it.
std::string explain(const Rule& rule);
// The same by id. Error: usage for an id that does not exist, with what was meant.
Result<std::string> explain_rule(std::string_view id);
// All rules, a line each, by group.
std::string rules_as_text();
// docs/rules.md's table of rules.
std::string rules_as_markdown();

}  // namespace cogbuild::check
