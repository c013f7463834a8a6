#include "checked_project.hpp"

#include <cogbuild/config/config.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/io/tree.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <unistd.h>

namespace cogbuild::cmd {

namespace {

// The file itself where `path` is a link: the link stays.
Result<std::filesystem::path> written_file(const std::filesystem::path& root,
                                           const std::string& path) {
  std::error_code code;
  auto file = std::filesystem::canonical(root / path, code);
  if (code)
    return fail(Error(ErrorKind::io, fmt::format("cannot find `{}`: {}", path, code.message())));
  const auto inside = file.lexically_relative(root);
  if (inside.empty() || *inside.begin() == "..")
    return fail(Error(ErrorKind::conflict,
                      fmt::format("`{}` is a link out of the project: not changed", path)));
  return file;
}

Result<void> write_fixed(const std::filesystem::path& root, const check::FixedFile& fixed) {
  TRY_ASSIGN(const auto target, written_file(root, fixed.path));
  std::error_code code;
  const auto mode = std::filesystem::status(target, code).permissions();
  TRY(io::write_atomically(target, fixed.content));
  if (!code) std::filesystem::permissions(target, mode, code);
  if (code)
    return fail(Error(ErrorKind::io,
                      fmt::format("cannot set the mode of `{}`: {}", fixed.path, code.message())));
  return {};
}

}  // namespace

Result<CheckedProject> find_project(const std::string& directory, const std::string& config_file) {
  std::error_code code;
  const auto start = std::filesystem::canonical(directory, code);
  if (code)
    return fail(Error(ErrorKind::usage, fmt::format("there is no directory {}", directory)));
  TRY_ASSIGN(auto root, config::find_project_root(start, config_file));
  return CheckedProject{.root = std::move(root), .config_file = config_file};
}

Result<check::Outcome> check_project(const CheckedProject& project, const check::Options& options) {
  const io::DiskTree tree(project.root);
  TRY_ASSIGN(const auto subject, check::read_subject(tree, project.config_file));
  return check::check(subject, options);
}

Result<check::Outcome> fix_project(const CheckedProject& project, const check::Options& options,
                                   Session& session) {
  // An edit may wait for another one of its place; more rounds than this go in a circle.
  constexpr int kMostRounds = 10;
  const io::DiskTree tree(project.root);
  TRY_ASSIGN(auto outcome, check_project(project, options));
  for (int round = 0; round < kMostRounds; ++round) {
    TRY_ASSIGN(const auto files, check::apply_edits(tree, outcome.findings));
    if (files.empty()) break;
    for (const auto& file : files) {
      TRY(write_fixed(project.root, file));
      session.terminal().note(fmt::format("fixed {} ({} {})", file.path, file.edits,
                                          file.edits == 1 ? "change" : "changes"));
    }
    TRY_ASSIGN(outcome, check_project(project, options));
  }
  return outcome;
}

void end_with_findings(const check::Outcome& outcome, bool strict, Session& session) {
  constexpr int kFindings = 5;
  if (check::has_errors(outcome) || (strict && check::has_warnings(outcome)))
    session.end_with(kFindings);
}

bool colors_results(const Session& session) {
  return ::isatty(STDOUT_FILENO) == 1 && session.variable("NO_COLOR").value_or("").empty();
}

}  // namespace cogbuild::cmd
