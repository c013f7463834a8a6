#include "rule_groups.hpp"

#include <algorithm>
#include <vector>

namespace cogbuild::check {

std::span<const Rule> rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> out;
    for (const auto group :
         {config_rules(), suppression_rules(), name_rules(), input_rules(), image_rules(),
          python_rules(), dependency_rules(), weight_rules(), file_rules()})
      out.insert(out.end(), group.begin(), group.end());
    return out;
  }();
  return all;
}

const Rule* find_rule(std::string_view id) {
  const auto all = rules();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Rule& rule) { return rule.id == id; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view to_string(Group group) {
  switch (group) {
    case Group::config:
      return "config";
    case Group::names:
      return "names";
    case Group::inputs:
      return "inputs";
    case Group::images:
      return "images";
    case Group::python:
      return "python";
    case Group::dependencies:
      return "dependencies";
    case Group::weights:
      return "weights";
    case Group::files:
      return "files";
  }
  return "";
}

std::string_view to_string(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::hint:
      return "hint";
  }
  return "";
}

}  // namespace cogbuild::check
