#pragma once

#include <cogbuild/check/check.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a failed comparison shows.
template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static String convert(const std::vector<std::string>& lines) {
    return fmt::format("{{\n  {}\n}}", fmt::join(lines, "\n  ")).c_str();
  }
};

namespace cogbuild::check {

// A project of a test: path -> content.
using Files = std::map<std::string, std::string>;

// Reads the project and runs one rule, whether it is on by default or not.
inline std::vector<Finding> run_rule(std::string_view id, const io::Tree& project) {
  const Rule* const rule = find_rule(id);
  REQUIRE_MESSAGE(rule != nullptr, "there is no rule `" << std::string(id) << "`");
  const auto subject = read_subject(project, "cog.yaml");
  REQUIRE(subject.has_value());
  std::vector<Finding> findings;
  rule->find(*subject, findings);
  return findings;
}

// `file:line:column message`, or `file message` where the file as a whole is meant. Without a
// cog.yaml among the files an empty one stands in.
inline std::vector<std::string> findings_of(std::string_view id, Files files) {
  files.try_emplace("cog.yaml", "");
  const io::MemoryTree project(std::move(files));
  std::vector<std::string> out;
  for (const auto& finding : run_rule(id, project)) {
    const auto& place = finding.location;
    out.push_back(place.line == 0 ? fmt::format("{} {}", place.file, finding.message)
                                  : fmt::format("{}:{}:{} {}", place.file, place.line, place.column,
                                                finding.message));
  }
  return out;
}

// The files that --fix would change, and what they would hold then.
inline Files fixed_by(std::string_view id, Files files) {
  files.try_emplace("cog.yaml", "");
  const io::MemoryTree project(std::move(files));
  const auto fixed = apply_edits(project, run_rule(id, project));
  REQUIRE(fixed.has_value());
  Files out;
  for (const auto& file : *fixed) out.emplace(file.path, file.content);
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace cogbuild::check
