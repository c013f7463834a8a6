#pragma once

#include <cogbuild/check/finding.hpp>
#include <cogbuild/check/rule.hpp>
#include <cogbuild/check/subject.hpp>
#include <cogbuild/error/result.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace cogbuild::check {

struct Options {
  std::vector<std::string> only{};    // ids or groups; empty: all that are on
  std::vector<std::string> enable{};  // beyond those that are on by default
  std::vector<std::string> disable{};
  bool doctor = false;  // only the rules of `cogbuild doctor`
};

struct Outcome {
  std::vector<Finding> findings{};  // by file, line, column, rule
  std::size_t silenced = 0;         // by comments and cogbuild.yaml
  std::size_t files = 0;            // Python files read
};

// Runs the rules over a project that was read. What `# cogbuild: ignore[rule]` at the end of a line
// or on the line above, and `check.ignore` of cogbuild.yaml, silence is counted, not listed; a
// comment that silences nothing is a finding of its own (`unused-ignore`). Error: usage for an
// unknown rule.
Result<Outcome> check(const Subject& subject, const Options& options);

bool has_errors(const Outcome& outcome);
bool has_warnings(const Outcome& outcome);

// New contents of the files that the findings' edits change; edits that overlap an earlier one are
// left for the next run. Nothing is written.
struct FixedFile {
  std::string path{};
  std::string content{};
  std::size_t edits = 0;
};
Result<std::vector<FixedFile>> apply_edits(const io::Tree& project,
                                           const std::vector<Finding>& findings);

}  // namespace cogbuild::check
