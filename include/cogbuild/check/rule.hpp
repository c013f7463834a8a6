#pragma once

#include <cogbuild/check/finding.hpp>

#include <span>
#include <string_view>
#include <vector>

namespace cogbuild::check {

struct Subject;

// What rules belong to; the order of the list is the order of docs/rules.md.
enum class Group { config, names, inputs, images, python, dependencies, weights, files };

// A rule, stated once: the table is what runs, what --explain prints and what docs/rules.md says.
struct Rule {
  std::string_view id{};  // lowercase-dashes, for good: people write it into their files
  Group group = Group::config;
  Severity severity = Severity::warning;
  bool on_by_default = true;
  bool doctor = false;  // `cogbuild doctor` runs it too
  bool fixable = false;
  std::string_view summary{};  // one line: what it finds
  std::string_view why{};      // a sentence or three
  std::string_view bad{};      // a few lines of source or YAML
  std::string_view good{};
  // What to say of more than three findings in one file, which become one at the first place:
  // "requirements have no exact version"; empty: each stands for itself.
  std::string_view many{};
  std::string_view many_fix{};
  // Adds what it finds; `check` fills in the rule's id and severity.
  void (*find)(const Subject& subject, std::vector<Finding>& findings) = nullptr;
};

// All of them, by group, then in the order of importance.
std::span<const Rule> rules();
// Nothing for an id that does not exist.
const Rule* find_rule(std::string_view id);
std::string_view to_string(Group group);
std::string_view to_string(Severity severity);

}  // namespace cogbuild::check
