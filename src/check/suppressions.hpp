#pragma once

#include "ignore_comments.hpp"

#include <cogbuild/check/finding.hpp>
#include <cogbuild/check/rule.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// The comments of a project that silence findings, and which of them did.
class Suppressions {
 public:
  // Of all Python files, of the files of the project that people write rules' names into, and of
  // the files that have findings.
  static Suppressions read(const Subject& subject, const std::vector<Finding>& findings);

  // Whether a comment silences the finding; the comment is used then.
  bool silence(const Finding& finding);

  // Findings of `unused-ignore`: comments that silence nothing though their rule ran.
  void report_unused(const std::vector<const Rule*>& ran, std::vector<Finding>& findings) const;
  // Findings of `unknown-rule`.
  void report_unknown(std::vector<Finding>& findings) const;

 private:
  struct Entry {
    IgnoreComment comment{};
    std::vector<bool> used{};  // of each of its rules
  };
  void add(const std::string& path, std::vector<IgnoreComment> comments);
  void read_text(const Subject& subject, const std::string& path);

  std::map<std::string, std::vector<Entry>, std::less<>> files_{};
};

// The findings of `unknown-rule` in cogbuild.yaml.
void report_unknown_settings(const config::CheckSettings& settings, std::vector<Finding>& findings);

}  // namespace cogbuild::check
