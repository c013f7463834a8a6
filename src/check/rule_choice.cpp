#include "rule_choice.hpp"

#include "rule_names.hpp"

#include <algorithm>

namespace cogbuild::check {
namespace {

bool any_names(const std::vector<std::string>& names, const Rule& rule) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return names_rule(name, rule); });
}

bool any_names(const std::vector<config::Located<std::string>>& names, const Rule& rule) {
  return std::any_of(names.begin(), names.end(),
                     [&](const auto& name) { return names_rule(*name, rule); });
}

bool holds_id(const std::vector<std::string>& names, const Rule& rule) {
  return std::find(names.begin(), names.end(), rule.id) != names.end();
}

Result<void> require_rules(const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (!is_rule_name(name)) return fail(unknown_rule(name));
  return {};
}

bool runs(const Rule& rule, const config::CheckSettings& settings, const Options& options) {
  if (options.doctor && !rule.doctor) return false;
  if (any_names(options.disable, rule)) return false;
  if (!options.only.empty()) {
    // A group means those of it that are on; a rule named by itself is meant in any case.
    if (holds_id(options.only, rule)) return true;
    if (!any_names(options.only, rule)) return false;
  }
  return rule.on_by_default || any_names(options.enable, rule) || any_names(settings.enable, rule);
}

}  // namespace

Result<RuleChoice> choose_rules(const config::CheckSettings& settings, const Options& options) {
  for (const auto* names : {&options.only, &options.enable, &options.disable})
    TRY(require_rules(*names));
  RuleChoice choice;
  for (const auto& rule : rules()) {
    if (!runs(rule, settings, options)) continue;
    choice.run.push_back(&rule);
    if (any_names(settings.ignore, rule) && !holds_id(options.only, rule) &&
        !holds_id(options.enable, rule))
      choice.ignored.push_back(&rule);
  }
  return choice;
}

}  // namespace cogbuild::check
