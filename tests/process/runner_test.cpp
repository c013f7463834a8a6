#include <cogbuild/io/file.hpp>
#include <cogbuild/process/runner.hpp>
#include <cogbuild/process/scripted_runner.hpp>

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <signal.h>
#include <string>
#include <thread>

using namespace cogbuild;
using namespace cogbuild::process;
using std::chrono::milliseconds;

namespace {

Command shell(const std::string& script) { return {.arguments = {"sh", "-c", script}}; }

}  // namespace

TEST_CASE("Runner: gives both outputs and the exit code, or not_found") {
  SpawnRunner spawn;
  ScriptedRunner scripted;
  const std::vector<std::string> line = {"sh", "-c", "echo out; echo err >&2; exit 3"};
  scripted.answer(line, {.exit_code = 3, .output = "out\n", .error_output = "err\n"});
  for (Runner* runner : {static_cast<Runner*>(&spawn), static_cast<Runner*>(&scripted)}) {
    const auto outcome = runner->run({.arguments = line});
    REQUIRE(outcome.has_value());
    CHECK(outcome->exit_code == 3);
    CHECK(outcome->output == "out\n");
    CHECK(outcome->error_output == "err\n");
    const auto missing = runner->run({.arguments = {"cogbuild-no-such-program"}});
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().kind() == ErrorKind::not_found);
    CHECK(missing.error().message() == "there is no program `cogbuild-no-such-program`");
    CHECK(runner->run({}).error().kind() == ErrorKind::usage);
  }
}

TEST_CASE("SpawnRunner: input larger than a pipe is echoed whole") {
  SpawnRunner runner;
  std::string input;
  for (int i = 0; i < 100'000; ++i) input += "line " + std::to_string(i) + "\n";
  const auto outcome = runner.run({.arguments = {"cat"}, .input = input});
  REQUIRE(outcome.has_value());
  CHECK(outcome->output == input);
}

TEST_CASE("SpawnRunner: a program that does not read its input is no error") {
  SpawnRunner runner;
  const auto outcome =
      runner.run({.arguments = {"true"}, .input = std::string(std::size_t{4} << 20U, 'x')});
  REQUIRE(outcome.has_value());
  CHECK(outcome->exit_code == 0);
}

TEST_CASE("SpawnRunner: a signal is 128 and its number") {
  SpawnRunner runner;
  CHECK(runner.run(shell("kill -9 $$"))->exit_code == 137);
}

TEST_CASE("SpawnRunner: directory and environment are the command's") {
  SpawnRunner runner;
  const auto dir = *io::TempDir::create();
  auto command = shell("pwd -P; echo $COGBUILD_A$COGBUILD_B; test -n \"$PATH\"");
  command.directory = std::filesystem::canonical(dir.path());
  command.environment = {{"COGBUILD_A", "1"}, {"COGBUILD_B", "2 3"}};
  const auto outcome = runner.run(command);
  REQUIRE(outcome.has_value());
  CHECK(outcome->exit_code == 0);
  CHECK(outcome->output == command.directory.string() + "\n12 3\n");

  command.directory = dir.path() / "none";
  CHECK(runner.run(command).error().kind() == ErrorKind::io);
}

TEST_CASE("SpawnRunner: a time-out kills the program and its children") {
  SpawnRunner runner;
  const auto dir = *io::TempDir::create();
  auto command = shell("sleep 60 & echo $! > pid; wait");
  command.directory = dir.path();
  command.timeout = milliseconds(300);
  const auto outcome = runner.run(command);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().message() == "`sh` did not end within 300 ms");
  pid_t pid = 0;
  std::ifstream(dir.path() / "pid") >> pid;
  REQUIRE(pid > 0);
  bool running = true;  // an orphan is reaped by init, soon
  for (int i = 0; i < 200 && running; ++i) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    running = (stat >> number >> name >> state) && state != "Z";
    std::this_thread::sleep_for(milliseconds(10));
  }
  CHECK_FALSE(running);
}

TEST_CASE("SpawnRunner: a child that outlives the program is not waited for") {
  SpawnRunner runner;
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = runner.run(shell("sleep 5 & echo done"));
  REQUIRE(outcome.has_value());
  CHECK(outcome->output == "done\n");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(3));
}

TEST_CASE("SpawnRunner: too much output is an error") {
  SpawnRunner runner;
  auto command = shell("yes");
  command.limit_bytes = 1000;
  const auto outcome = runner.run(command);
  REQUIRE_FALSE(outcome.has_value());
  CHECK(outcome.error().message() == "`sh` wrote more than 1000 bytes");
}

TEST_CASE("ScriptedRunner: remembers what was asked") {
  ScriptedRunner runner;
  runner.answer({"helper", "get"}, {.output = "{}"});
  CHECK(runner.run({.arguments = {"helper", "get"}, .input = "host"})->output == "{}");
  REQUIRE(runner.commands().size() == 1);
  CHECK(runner.commands()[0].input == "host");
}
