#include "commands.hpp"
#include "python_answers.hpp"
#include "session.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <string>

namespace cogbuild::cmd {

void add_debug_command(CLI::App& app, Session& session) {
  CLI::App* sub = app.add_subcommand("debug", "Answers about single steps, for tests");
  sub->group("");  // hidden
  sub->require_subcommand(1);
  sub->add_subcommand("python", "Packaging standards: a JSON question on each line of the input")
      ->callback([&session] {
        for (std::string line; std::getline(std::cin, line);)
          session.write_result(answer_python_question(line) + "\n");
      });
}

}  // namespace cogbuild::cmd
