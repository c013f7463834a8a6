#include "no_such_program.hpp"

#include <cogbuild/process/scripted_runner.hpp>

namespace cogbuild::process {

void ScriptedRunner::answer(std::vector<std::string> arguments, Outcome outcome) {
  const std::lock_guard lock(mutex_);
  outcomes_[std::move(arguments)] = std::move(outcome);
}

Result<Outcome> ScriptedRunner::run(const Command& command) {
  const std::lock_guard lock(mutex_);
  commands_.push_back(command);
  const auto found = outcomes_.find(command.arguments);
  if (found == outcomes_.end()) return fail(no_such_program(command));
  return found->second;
}

std::vector<Command> ScriptedRunner::commands() const {
  const std::lock_guard lock(mutex_);
  return commands_;
}

}  // namespace cogbuild::process
