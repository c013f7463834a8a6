#pragma once

#include "session.hpp"

#include <cogbuild/check/check.hpp>
#include <cogbuild/error/result.hpp>

#include <filesystem>
#include <string>

namespace cogbuild::cmd {

// Where a project is checked: `check` and `doctor`.
struct CheckedProject {
  std::filesystem::path root{};
  std::string config_file{};
};

// Of the directory that -C names, or the nearest above it with the config file. Errors: usage;
// config where there is none.
Result<CheckedProject> find_project(const std::string& directory, const std::string& config_file);

Result<check::Outcome> check_project(const CheckedProject& project, const check::Options& options);

// Applies the edits of the findings and checks again until none is left, telling of each file that
// was written; returns what remains. Files are replaced at once, each keeps its mode. Errors: io;
// conflict for a file that is a link out of the project.
Result<check::Outcome> fix_project(const CheckedProject& project, const check::Options& options,
                                   Session& session);

// How the command ends: 5 for findings of severity error, with `strict` for warnings too.
void end_with_findings(const check::Outcome& outcome, bool strict, Session& session);

// Whether what goes to standard output may be coloured.
bool colors_results(const Session& session);

}  // namespace cogbuild::cmd
