#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/git/location.hpp>
#include <cogbuild/process/runner.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace cogbuild::git {

// Commits of remote repositories, fetched with the `git` program and kept for good: each is a bare
// repository `<directory>/<commit>.git` that appears whole or not at all. Nothing is checked out,
// so no hook, filter or submodule of a repository runs; nobody is asked for a password (credential
// helpers and ssh agents of the user work). Users of one directory need no lock.
class Commits {
 public:
  // `runner` must outlive it. Offline, only whole commit identifiers that were fetched before are
  // known.
  Commits(process::Runner& runner, std::filesystem::path directory, bool offline = false)
      : runner_(runner), directory_(std::move(directory)), offline_(offline) {}

  // The commit that a location means, as forty hexadecimal digits, fetched. A revision is a branch,
  // else a tag (followed to its commit), else a commit. Errors: network (also offline); not_found
  // (no such revision, or no `git`); io. Messages show no credentials.
  Result<std::string> fetch(const Location& location);

  // A file of a fetched commit, symbolic links within it followed; nothing when there is none.
  // Errors: not_found (the commit was not fetched); io (larger than `limit_bytes`, or git failed).
  Result<std::optional<std::string>> read(const std::string& commit, const std::string& path,
                                          std::uint64_t limit_bytes) const;

 private:
  struct Repository;
  [[nodiscard]] std::filesystem::path place_of(const std::string& commit) const;
  [[nodiscard]] bool has(const std::string& commit) const;
  // The identifier a revision has at the remote; empty when it is no branch or tag.
  Result<std::string> look_up(const Repository& repository, const Location& location) const;
  Result<void> fetch_into(const Repository& repository, const Location& location,
                          const std::string& id) const;

  process::Runner& runner_;
  std::filesystem::path directory_;
  bool offline_;
};

}  // namespace cogbuild::git
