#pragma once

#include <cogbuild/process/runner.hpp>

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace cogbuild::process {

// Answers from a table of command lines instead of running anything; what is not in it is
// not_found.
class ScriptedRunner final : public Runner {
 public:
  void answer(std::vector<std::string> arguments, Outcome outcome);
  Result<Outcome> run(const Command& command) override;
  [[nodiscard]] std::vector<Command> commands() const;

 private:
  mutable std::mutex mutex_{};
  std::map<std::vector<std::string>, Outcome> outcomes_{};
  std::vector<Command> commands_{};
};

}  // namespace cogbuild::process
