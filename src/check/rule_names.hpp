#pragma once

#include <cogbuild/check/rule.hpp>
#include <cogbuild/error/error.hpp>

#include <string>
#include <string_view>

namespace cogbuild::check {

// A name stands for a rule (its id), for all rules of a group (`inputs`), or for all (`all`).
bool is_rule_name(std::string_view name);
bool names_rule(std::string_view name, const Rule& rule);

// The error of a name that stands for nothing, with what was meant. Kind: usage.
Error unknown_rule(std::string_view name);

// What to do about a name that stands for nothing: `did you mean …?`, or where names are listed.
std::string rule_name_hint(std::string_view name);

}  // namespace cogbuild::check
