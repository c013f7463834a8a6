#include "ascii.hpp"
#include "quoted.hpp"

#include <cogbuild/debian/relation.hpp>
#include <cogbuild/debian/version.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::debian {
namespace {

// `linux-any`, `any-amd64` and `any` as dpkg means them, for the systems that a Linux image knows.
bool matches_architecture(std::string_view pattern, std::string_view architecture) {
  if (pattern == architecture || pattern == "any" || pattern == "linux-any") return true;
  return pattern.starts_with("any-") && pattern.substr(4) == architecture;
}

}  // namespace

std::string_view to_string(VersionRelation relation) {
  switch (relation) {
    case VersionRelation::any:
      return "";
    case VersionRelation::earlier:
      return "<<";
    case VersionRelation::earlier_equal:
      return "<=";
    case VersionRelation::equal:
      return "=";
    case VersionRelation::later_equal:
      return ">=";
    case VersionRelation::later:
      return ">>";
  }
  return "";
}

bool holds(VersionRelation relation, std::string_view have, std::string_view wanted) {
  if (relation == VersionRelation::any) return true;
  const auto order = compare_versions(have, wanted);
  switch (relation) {
    case VersionRelation::earlier:
      return order < 0;
    case VersionRelation::earlier_equal:
      return order <= 0;
    case VersionRelation::equal:
      return order == 0;
    case VersionRelation::later_equal:
      return order >= 0;
    case VersionRelation::later:
      return order > 0;
    case VersionRelation::any:
      break;
  }
  return true;
}

bool Relation::satisfied_by_provided(const Relation& provided) const {
  if (relation == VersionRelation::any) return true;
  return provided.relation == VersionRelation::equal && satisfied_by(provided.version);
}

bool Relation::applies_to(std::string_view architecture) const {
  if (architectures.empty()) return true;
  std::string_view rest = architectures;
  bool only_negations = true;
  for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
    const bool negated = word.starts_with('!');
    if (negated) word.remove_prefix(1);
    if (matches_architecture(word, architecture)) return !negated;
    if (!negated) only_negations = false;
  }
  return only_negations;
}

std::string to_string(const Relation& relation) {
  std::string text(relation.name);
  if (!relation.qualifier.empty()) text.append(":").append(relation.qualifier);
  if (relation.relation != VersionRelation::any)
    text += fmt::format(" ({} {})", to_string(relation.relation), relation.version);
  if (!relation.architectures.empty()) text += fmt::format(" [{}]", relation.architectures);
  if (!relation.profiles.empty()) text.append(" ").append(relation.profiles);
  return text;
}

std::string to_string(const Relations& relations) {
  std::string text;
  for (std::size_t i = 0; i < relations.size(); ++i) {
    if (i > 0) text += ", ";
    bool first = true;
    for (const Relation& relation : relations[i]) {
      if (!first) text += " | ";
      first = false;
      text += to_string(relation);
    }
  }
  return text;
}

bool is_package_name(std::string_view text) {
  return !text.empty() && is_alnum(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_alnum(c) || c == '-' || c == '+' || c == '.' || c == '_';
         });
}

bool is_architecture(std::string_view text) {
  return !text.empty() && is_alnum(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-'; });
}

}  // namespace cogbuild::debian
