#include "rule_names.hpp"

#include <cogbuild/config/suggest.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace cogbuild::check {

bool names_rule(std::string_view name, const Rule& rule) {
  return name == rule.id || name == to_string(rule.group) || name == "all";
}

bool is_rule_name(std::string_view name) {
  const auto all = rules();
  return std::any_of(all.begin(), all.end(),
                     [name](const Rule& rule) { return names_rule(name, rule); });
}

std::string rule_name_hint(std::string_view name) {
  std::vector<std::string> candidates;
  for (const auto& rule : rules()) candidates.emplace_back(rule.id);
  if (const auto meant = config::nearest(name, candidates))
    return fmt::format("did you mean `{}`?", *meant);
  return "`cogbuild check --list` lists the rules";
}

Error unknown_rule(std::string_view name) {
  return Error(ErrorKind::usage, fmt::format("there is no rule `{}`", name))
      .hint(rule_name_hint(name));
}

}  // namespace cogbuild::check
