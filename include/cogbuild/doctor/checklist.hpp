#pragma once

#include <cogbuild/check/check.hpp>
#include <cogbuild/doctor/environment.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace cogbuild::doctor {

// One line of the list, with what was found.
struct Item {
  std::string group{};  // `Config`, `Python`, `Environment`
  std::string id{};     // of a rule of `cogbuild check`, or of the environment
  Grade grade = Grade::ok;
  std::string message{};                   // of the environment
  std::string fix{};                       // the same
  std::vector<check::Finding> findings{};  // of a rule
  bool skipped = false;                    // cog.yaml could not be read, on which it depends
};

// The rules of the doctor in the order of the table, then the environment.
std::vector<Item> checklist(const check::Outcome& outcome, const std::vector<Verdict>& environment);

std::size_t count(const std::vector<Item>& items, Grade grade);

// For people: a heading per group, a line per item, indented lines per finding, a summary.
std::string render_text(const std::vector<Item>& items, bool color);
// {version, errors, warnings, fixable, checks: [{group, id, status, message?, fix?, findings?}]}
std::string render_json(const std::vector<Item>& items);

}  // namespace cogbuild::doctor
