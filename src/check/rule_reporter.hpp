#pragma once

#include <cogbuild/check/finding.hpp>
#include <cogbuild/syntax/module.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::check {

// Adds what a rule finds; `check` fills in the rule's id and severity. Each call returns the
// reporter, so that edits chain:
//   RuleReporter report(findings);
//   report.at(node, "…", "…").replace(node, "…");
class RuleReporter {
 public:
  explicit RuleReporter(std::vector<Finding>& findings) : findings_(findings) {}

  // `message`: what is wrong, lower case, literals in backticks, no full stop; `fix`: what to do,
  // one line, in the same style.
  RuleReporter& at(SourceLocation location, std::string message, std::string fix) {
    findings_.push_back(
        {.location = std::move(location), .message = std::move(message), .fix = std::move(fix)});
    return *this;
  }
  RuleReporter& at(const syntax::Node& node, std::string message, std::string fix) {
    return at(node.location(), std::move(message), std::move(fix));
  }
  // Of a file as a whole.
  RuleReporter& in_file(std::string file, std::string message, std::string fix) {
    return at({.file = std::move(file)}, std::move(message), std::move(fix));
  }

  // Adds an edit to the finding added last. A rule with edits is `fixable`.
  RuleReporter& with_edit(Edit edit) {
    findings_.back().edits.push_back(std::move(edit));
    return *this;
  }
  // Names what the finding added last is about: `numpy`, an input.
  RuleReporter& about(std::string_view subject) {
    findings_.back().subject = subject;
    return *this;
  }
  RuleReporter& replace(const syntax::Node& node, std::string text) {
    return with_edit({.file = node.module().file(),
                      .begin = node.begin(),
                      .end = node.end(),
                      .text = std::move(text)});
  }

 private:
  std::vector<Finding>& findings_;
};

}  // namespace cogbuild::check
