#pragma once

#include <cogbuild/process/runner.hpp>

#include <fmt/format.h>

namespace cogbuild::process {

inline Error no_such_program(const Command& command) {
  if (command.arguments.empty()) return {ErrorKind::usage, "a command has no program"};
  return {ErrorKind::not_found, fmt::format("there is no program `{}`", command.arguments.front())};
}

}  // namespace cogbuild::process
