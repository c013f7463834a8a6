#include "unite_findings.hpp"

#include <cogbuild/check/rule.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::check {
namespace {

constexpr std::size_t kMostApart = 3;
constexpr std::size_t kMostNamed = 8;

// "`a`, `b` and 3 more".
std::string listed(const std::vector<std::string_view>& names) {
  std::string out;
  const auto named = std::min(names.size(), kMostNamed);
  for (std::size_t i = 0; i < named; ++i)
    out += fmt::format("{}`{}`", i == 0 ? "" : i + 1 == names.size() ? " and " : ", ", names[i]);
  if (named < names.size()) out += fmt::format(" and {} more", names.size() - named);
  return out;
}

}  // namespace

void unite_findings(std::vector<Finding>& findings) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (!findings[i].subject.empty())
      groups[{findings[i].rule, findings[i].location.file}].push_back(i);
  std::vector<bool> gone(findings.size(), false);
  for (const auto& [key, places] : groups) {
    const Rule* const rule = find_rule(key.first);
    if (places.size() <= kMostApart || rule == nullptr || rule->many.empty()) continue;
    std::vector<std::string_view> names;
    for (const auto place : places)
      if (std::ranges::find(names, findings[place].subject) == names.end())
        names.push_back(findings[place].subject);
    if (names.size() < 2) continue;
    Finding& first = findings[places.front()];
    first.message = fmt::format("{} {}: {}", names.size(), rule->many, listed(names));
    first.fix = rule->many_fix;
    for (const auto place : places) {
      if (place == places.front()) continue;
      std::ranges::move(findings[place].edits, std::back_inserter(first.edits));
      gone[place] = true;
    }
  }
  std::size_t at = 0;
  std::erase_if(findings, [&](const Finding&) { return gone[at++]; });
}

}  // namespace cogbuild::check
