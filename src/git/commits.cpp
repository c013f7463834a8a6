#include "git_command.hpp"

#include <cogbuild/git/commits.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace cogbuild::git {

namespace {

constexpr std::size_t kShortestCommit = 7;
constexpr const char* kFetchedRef = "refs/cogbuild/commit";

// The lines of `git ls-remote`: reference -> identifier.
std::map<std::string, std::string> parse_references(std::string_view text) {
  std::map<std::string, std::string> references;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos || !is_commit_id(line.substr(0, tab))) continue;
    references.emplace(line.substr(tab + 1), line.substr(0, tab));
  }
  return references;
}

bool may_be_short_commit(std::string_view revision) {
  return revision.size() >= kShortestCommit &&
         revision.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

Error no_revision(const Location& location) {
  return {ErrorKind::not_found,
          fmt::format("{} has no branch, tag or commit `{}`", location.url, location.revision)};
}

Error cannot_fetch(const Location& location, const process::Outcome& outcome) {
  return Error(ErrorKind::network,
               fmt::format("cannot fetch {}: {}", location.url, complaint(outcome, location)));
}

}  // namespace

// A bare repository in the making.
struct Commits::Repository {
  io::TempDir place;
  [[nodiscard]] std::filesystem::path path() const { return place.path() / "repository"; }
};

std::filesystem::path Commits::place_of(const std::string& commit) const {
  return directory_ / (commit + ".git");
}

bool Commits::has(const std::string& commit) const {
  std::error_code code;
  return std::filesystem::is_directory(place_of(commit), code);
}

Result<std::string> Commits::look_up(const Repository& repository, const Location& location) const {
  const std::string& revision = location.revision;
  std::vector<std::string> order = {"HEAD"};
  if (!revision.empty())
    order = {"refs/heads/" + revision, "refs/tags/" + revision + "^{}", "refs/tags/" + revision};
  if (revision.starts_with("refs/")) order = {revision + "^{}", revision};
  std::vector<std::string> arguments = {"ls-remote", "--quiet", "--", location.url};
  arguments.insert(arguments.end(), order.begin(), order.end());
  TRY_ASSIGN(const auto outcome,
             runner_.run(remote_command(repository.path(), location, std::move(arguments))));
  if (outcome.exit_code != 0) return fail(cannot_fetch(location, outcome));
  const auto references = parse_references(outcome.output);
  for (const auto& name : order)
    if (const auto found = references.find(name); found != references.end()) return found->second;
  return std::string();
}

Result<void> Commits::fetch_into(const Repository& repository, const Location& location,
                                 const std::string& id) const {
  const auto fetch = [&](std::vector<std::string> options, std::vector<std::string> references) {
    std::vector<std::string> arguments = {"fetch",
                                          "--quiet",
                                          "--no-tags",
                                          "--no-recurse-submodules",
                                          "--no-write-fetch-head",
                                          "--no-auto-maintenance"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), {"--", location.url});
    arguments.insert(arguments.end(), references.begin(), references.end());
    return runner_.run(remote_command(repository.path(), location, std::move(arguments)));
  };
  if (!id.empty()) {
    TRY_ASSIGN(const auto outcome, fetch({"--depth=1"}, {fmt::format("+{}:{}", id, kFetchedRef)}));
    if (outcome.exit_code == 0) return {};
  }
  // A shortened commit, or a server that gives no single commits: everything it has.
  TRY_ASSIGN(const auto outcome,
             fetch({}, {"+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"}));
  if (outcome.exit_code != 0) return fail(cannot_fetch(location, outcome));
  return {};
}

Result<std::string> Commits::fetch(const Location& location) {
  if (location.is_commit() && has(location.revision)) return location.revision;
  if (offline_)
    return fail(Error(ErrorKind::network,
                      fmt::format("{} is not in the cache at a whole commit, and --offline forbids "
                                  "to fetch it",
                                  location.url))
                    .hint("run it once without --offline, and name the commit in full"));
  std::error_code code;
  std::filesystem::create_directories(directory_, code);
  TRY_ASSIGN(auto place, io::TempDir::create(directory_));
  const Repository repository{.place = std::move(place)};
  TRY_ASSIGN(const auto made, runner_.run(git_command(
                                  repository.path(), {"init", "--quiet", "--bare",
                                                      "--template=", repository.path().string()})));
  if (made.exit_code != 0)
    return fail(Error(ErrorKind::io, fmt::format("cannot make a repository in {}: {}",
                                                 directory_.string(), complaint(made, location))));
  std::string id = location.revision;
  if (!location.is_commit()) {
    TRY_ASSIGN(id, look_up(repository, location));
    if (id.empty() && !may_be_short_commit(location.revision)) return fail(no_revision(location));
    // What a branch or tag means now may have been fetched before; a tag of a tag is not known yet.
    if (!id.empty() && has(id)) return id;
  }
  TRY(fetch_into(repository, location, id));

  const std::string wanted = id.empty() ? location.revision : id;
  TRY_ASSIGN(
      const auto parsed,
      runner_.run(git_command(repository.path(), {"rev-parse", "--verify", "--quiet",
                                                  "--end-of-options", wanted + "^{commit}"})));
  std::string commit = parsed.output.substr(0, parsed.output.find('\n'));
  if (parsed.exit_code != 0 || !is_commit_id(commit)) return fail(no_revision(location));
  std::filesystem::rename(repository.path(), place_of(commit), code);
  // Somebody else may have been faster.
  if (code && !has(commit))
    return fail(Error(ErrorKind::io, fmt::format("cannot keep {} in {}: {}", commit,
                                                 directory_.string(), code.message())));
  return commit;
}

Result<std::optional<std::string>> Commits::read(const std::string& commit, const std::string& path,
                                                 std::uint64_t limit_bytes) const {
  if (!is_commit_id(commit) || !has(commit))
    return fail(Error(ErrorKind::not_found, fmt::format("commit {} was not fetched", commit)));
  // The protocol of `cat-file --batch` has one question a line.
  if (path.find('\n') != std::string::npos) return std::nullopt;
  auto command = git_command(place_of(commit), {"cat-file", "--batch", "--follow-symlinks"});
  command.input = fmt::format("{}:{}\n", commit, path);
  constexpr std::uint64_t kHeadBytes = 8192;
  command.limit_bytes = limit_bytes + kHeadBytes;
  TRY_ASSIGN(const auto outcome, runner_.run(command));
  if (outcome.exit_code != 0)
    return fail(Error(ErrorKind::io, fmt::format("cannot read `{}` of commit {}: {}", path, commit,
                                                 complaint(outcome, {}))));
  // `<id> blob <size>`, else `… missing`, `dangling …`, `symlink …`, `loop …` or `notdir …`.
  constexpr std::string_view kBlob = " blob ";
  const std::string_view output = outcome.output;
  const std::string_view head = output.substr(0, output.find('\n'));
  const auto space = head.find(kBlob);
  if (space == std::string_view::npos || !is_commit_id(head.substr(0, space))) return std::nullopt;
  std::uint64_t size = 0;
  const std::string_view digits = head.substr(space + kBlob.size());
  if (std::from_chars(digits.data(), digits.data() + digits.size(), size).ec != std::errc() ||
      output.size() < head.size() + 1 + size)
    return fail(Error(ErrorKind::io, fmt::format("cannot read `{}` of commit {}: git cut it short",
                                                 path, commit)));
  return std::string(output.substr(head.size() + 1, static_cast<std::size_t>(size)));
}

}  // namespace cogbuild::git
