#include "needs.hpp"

namespace cogbuild::resolve {

std::vector<Need> needs_of(const python::Metadata& metadata, std::string_view extra,
                           const ReadingRules& rules) {
  std::vector<Need> needs;
  const std::vector<std::string> extras(extra.empty() ? 0 : 1, std::string(extra));
  for (const auto& requirement : metadata.requires_dist) {
    if (!requirement.applies(rules.environment, extras)) continue;
    if (!extra.empty() && requirement.applies(rules.environment)) continue;
    Need need{.name = rules.replacements(requirement.name),
              .extras = requirement.extras,
              .specifiers = requirement.specifiers,
              .by_url = !requirement.url.empty()};
    if (need.name != requirement.name) need.asked_as = to_string(requirement.name);
    if (const auto found = rules.overrides.find(need.name); found != rules.overrides.end()) {
      if (found->second == nullptr) continue;
      need.overridden_by = found->second;
      need.specifiers = found->second->specifiers;
      need.by_url = false;
    }
    needs.push_back(std::move(need));
  }
  return needs;
}

}  // namespace cogbuild::resolve
