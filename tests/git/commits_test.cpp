#include <cogbuild/git/commits.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/process/runner.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

using namespace cogbuild;
using git::Commits;
using git::Location;

namespace {

// A repository made with the real program.
struct Origin {
  Origin() { git({"init", "--quiet", "--initial-branch=main", "."}); }

  std::string git(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "git");
    const auto outcome = runner.run({.arguments = std::move(arguments),
                                     .directory = root.path(),
                                     .environment = {{"GIT_CONFIG_GLOBAL", "/dev/null"},
                                                     {"GIT_CONFIG_NOSYSTEM", "1"},
                                                     {"GIT_AUTHOR_NAME", "a"},
                                                     {"GIT_AUTHOR_EMAIL", "a@b"},
                                                     {"GIT_COMMITTER_NAME", "a"},
                                                     {"GIT_COMMITTER_EMAIL", "a@b"}}});
    REQUIRE(outcome);
    REQUIRE_MESSAGE(outcome->exit_code == 0, outcome->error_output);
    return outcome->output.substr(0, outcome->output.find('\n'));
  }
  void write(const std::string& path, const std::string& content) const {
    std::filesystem::create_directories((root.path() / path).parent_path());
    std::ofstream(root.path() / path) << content;
  }
  std::string commit(const std::string& content) {
    write("pyproject.toml", content);
    git({"add", "-A"});
    git({"commit", "--quiet", "-m", "c"});
    return git({"rev-parse", "HEAD"});
  }
  Location at(const std::string& revision = {}) const {
    return {.url = "file://" + root.path().string(), .revision = revision};
  }

  process::SpawnRunner runner{};
  io::TempDir root = io::TempDir::create().value();
  io::TempDir cache = io::TempDir::create().value();
  Commits commits{runner, cache.path() / "git"};
};

// Hands commands on, counting them.
struct CountingRunner final : process::Runner {
  Result<process::Outcome> run(const process::Command& command) override {
    commands.push_back(command);
    if (answer) return *answer;
    return real.run(command);
  }
  std::string value(const std::string& name) const {
    for (const auto& [known, text] : commands.back().environment)
      if (known == name) return text;
    return "unset";
  }
  process::SpawnRunner real{};
  std::optional<process::Outcome> answer{};
  std::vector<process::Command> commands{};
};

}  // namespace

TEST_CASE_FIXTURE(Origin, "Commits: a branch, a tag, an annotated tag, a commit, the default") {
  const auto first = commit("one");
  git({"tag", "light"});
  git({"tag", "-a", "heavy", "-m", "t"});
  const auto second = commit("two");
  git({"checkout", "--quiet", "-b", "feature/x"});
  const auto third = commit("three");
  git({"checkout", "--quiet", "main"});
  const auto fetched = [&](const std::string& revision) {
    const auto id = commits.fetch(at(revision));
    REQUIRE_MESSAGE(id, (id ? "" : render(id.error())));
    return *id;
  };
  CHECK(fetched("") == second);
  CHECK(fetched("main") == second);
  CHECK(fetched("feature/x") == third);
  CHECK(fetched("refs/heads/feature/x") == third);
  CHECK(fetched("light") == first);
  CHECK(fetched("heavy") == first);
  CHECK(fetched(first) == first);
  CHECK(fetched(third.substr(0, 10)) == third);
  // A branch comes before a tag of its name.
  git({"tag", "feature/x", first});
  CHECK(fetched("feature/x") == third);

  CHECK(commits.read(first, "pyproject.toml", 100)->value() == "one");
  CHECK(commits.read(third, "pyproject.toml", 100)->value() == "three");
}

TEST_CASE_FIXTURE(Origin, "Commits: what is fetched is one commit, and bare") {
  const auto first = commit("one");
  const auto second = commit("two");
  REQUIRE(commits.fetch(at("main")));
  const auto place = cache.path() / "git" / (second + ".git");
  const auto count = runner.run(
      {.arguments = {"git", "--git-dir=" + place.string(), "rev-list", "--count", second}});
  CHECK(count->output == "1\n");
  CHECK(!std::filesystem::exists(place / "hooks"));
  // Nothing else is left.
  std::size_t entries = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(cache.path() / "git"))
    ++entries;
  CHECK(entries == 1);
}

TEST_CASE_FIXTURE(Origin, "Commits: files in directories, through links, or not there") {
  write("sub/dir/pyproject.toml", "below");
  std::filesystem::create_symlink("sub/dir/pyproject.toml", root.path() / "link");
  std::filesystem::create_symlink("/etc/passwd", root.path() / "out");
  const auto id = commit(std::string(500, 'x'));
  REQUIRE(commits.fetch(at("main")));
  CHECK(commits.read(id, "sub/dir/pyproject.toml", 100)->value() == "below");
  CHECK(commits.read(id, "link", 100)->value() == "below");
  CHECK(!commits.read(id, "out", 100)->has_value());
  CHECK(!commits.read(id, "none", 100)->has_value());
  CHECK(!commits.read(id, "sub", 100)->has_value());
  CHECK(!commits.read(id, "pyproject.toml/x", 100)->has_value());
  CHECK(!commits.read(id, "a\nb", 100)->has_value());
  CHECK(commits.read(std::string(40, 'a'), "x", 100).error().kind() == ErrorKind::not_found);
}

TEST_CASE_FIXTURE(Origin, "Commits: a whole commit is asked for once, also offline") {
  const auto id = commit("one");
  CountingRunner counting;
  Commits counted(counting, cache.path() / "git");
  REQUIRE(counted.fetch(at(id)));
  counting.commands.clear();
  CHECK(counted.fetch(at(id)).value() == id);
  CHECK(counting.commands.empty());
  Commits offline(counting, cache.path() / "git", true);
  CHECK(offline.fetch(at(id)).value() == id);
  CHECK(offline.read(id, "pyproject.toml", 100)->value() == "one");
  const auto branch = offline.fetch(at("main"));
  REQUIRE(!branch);
  CHECK(branch.error().kind() == ErrorKind::network);
  CHECK(branch.error().message() ==
        at().url + " is not in the cache at a whole commit, and --offline forbids to fetch it");
}

TEST_CASE_FIXTURE(Origin, "Commits: what is not there says so") {
  commit("one");
  const auto missing = [&](const std::string& revision) {
    const auto id = commits.fetch(at(revision));
    REQUIRE(!id);
    return id.error();
  };
  CHECK(missing("nope").message() == at().url + " has no branch, tag or commit `nope`");
  CHECK(missing("nope").kind() == ErrorKind::not_found);
  CHECK(missing("0123456789").message() == at().url + " has no branch, tag or commit `0123456789`");
  const std::string absent(40, '1');
  CHECK(missing(absent).kind() == ErrorKind::not_found);
  const auto nowhere = commits.fetch({.url = "file:///nowhere/at/all"});
  REQUIRE(!nowhere);
  CHECK(nowhere.error().kind() == ErrorKind::network);
  CHECK(nowhere.error().message().starts_with("cannot fetch file:///nowhere/at/all: fatal: "));
}

TEST_CASE_FIXTURE(Origin, "Commits: hooks and filters of the repository do not run") {
  const auto mark = cache.path() / "ran";
  write(".gitattributes", "* filter=evil\n");
  git({"config", "filter.evil.smudge", "touch " + mark.string()});
  const auto id = commit("one");
  for (const char* hook : {"post-checkout", "reference-transaction", "post-merge"}) {
    write(".git/hooks/" + std::string(hook), "#!/bin/sh\ntouch " + mark.string() + "\n");
    std::filesystem::permissions(root.path() / ".git/hooks" / hook, std::filesystem::perms::all);
  }
  CHECK(commits.fetch(at("main")).value() == id);
  CHECK(!std::filesystem::exists(mark));
}

TEST_CASE("Commits: credentials stay out of arguments and messages, and nobody is asked for any") {
  CountingRunner runner;
  const auto cache = io::TempDir::create().value();
  Commits commits(runner, cache.path());
  const Location location{
      .url = "https://host/r", .username = "me", .password = "s3cret/", .revision = "main"};
  runner.answer = process::Outcome{};
  const auto silent = commits.fetch(location);
  REQUIRE(!silent);
  REQUIRE(runner.commands.size() == 2);
  for (const auto& argument : runner.commands.back().arguments)
    CHECK(argument.find("s3cret") == std::string::npos);
  // git hands URLs to its helpers as arguments.
  for (const auto& [name, value] : runner.commands.back().environment)
    CHECK((name == "COGBUILD_GIT_PASSWORD") == (value.find("s3cret") != std::string::npos));
  const auto known = runner.real.run({.arguments = {"git", "credential", "fill"},
                                      .input = "protocol=https\nhost=host\n\n",
                                      .environment = runner.commands.back().environment});
  REQUIRE(known);
  CHECK(known->output == "protocol=https\nhost=host\nusername=me\npassword=s3cret/\n");
  CHECK(runner.value("GIT_CONFIG_KEY_0") == "url.https://host/r.insteadOf");
  CHECK(runner.value("GIT_CONFIG_VALUE_0") == "https://host/r");
  CHECK(runner.value("GIT_TERMINAL_PROMPT") == "0");
  CHECK(runner.value("GIT_ASKPASS").empty());
  CHECK(runner.value("SSH_ASKPASS_REQUIRE") == "force");
  CHECK(runner.value("GIT_ALLOW_PROTOCOL") == "https:ssh");
  CHECK(runner.commands.front().environment != runner.commands.back().environment);

  runner.commands.clear();
  struct Refusing final : process::Runner {
    Result<process::Outcome> run(const process::Command& command) override {
      for (const auto& argument : command.arguments)
        if (argument == "ls-remote")
          return process::Outcome{
              .exit_code = 128,
              .error_output = "fatal: https://me:s3cret%2F@host/r\nrefuses s3cret/ to me\n"};
      return process::Outcome{};
    }
  } refusing;
  const auto refused = Commits(refusing, cache.path()).fetch(location);
  REQUIRE(!refused);
  CHECK(refused.error().message() ==
        "cannot fetch https://host/r: fatal: https://…:…@host/r refuses … to me");
}
