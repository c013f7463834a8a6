#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/git/location.hpp>
#include <cogbuild/process/runner.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace cogbuild::git {

// `git` on a repository of ours: without hooks, prompts, background work or the repository that
// the caller's environment may name. Only the protocols that `location` needs are allowed.
process::Command git_command(const std::filesystem::path& repository,
                             std::vector<std::string> arguments);
// The same, allowed to talk to a location. Its credentials travel in the environment, where other
// users cannot see them, and never come to lie in a file.
process::Command remote_command(const std::filesystem::path& repository, const Location& location,
                                std::vector<std::string> arguments);

// What git said went wrong, on one line and without the location's credentials.
std::string complaint(const process::Outcome& outcome, const Location& location);

}  // namespace cogbuild::git
