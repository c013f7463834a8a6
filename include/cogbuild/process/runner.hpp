#pragma once

#include <cogbuild/error/result.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::process {

struct Command {
  std::vector<std::string> arguments{};  // arguments[0] is looked up in PATH
  std::string input{};                   // given on standard input
  std::filesystem::path directory{};     // empty: the current one
  std::vector<std::pair<std::string, std::string>> environment{};  // added to the inherited one
  std::chrono::milliseconds timeout{30'000};
  std::uint64_t limit_bytes = std::uint64_t{4} * 1024 * 1024;  // of each output
};

struct Outcome {
  int exit_code = 0;  // 128 + signal when killed
  std::string output{};
  std::string error_output{};
};

// Runs a program to its end: the seam to other processes. Children that outlive it are not waited
// for. Error: not_found (no such program), usage (no arguments), io (spawn failed, time-out, too
// much output; the program and its children are killed then).
class Runner {
 public:
  virtual ~Runner() = default;
  virtual Result<Outcome> run(const Command& command) = 0;
};

class SpawnRunner final : public Runner {
 public:
  Result<Outcome> run(const Command& command) override;
};

}  // namespace cogbuild::process
