#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {

// One simple command of a line of shell: its words without quotes, after assignments and `sudo`.
struct ShellCommand {
  std::vector<std::string> words{};
  bool piped_into = false;  // the one before it writes into it

  // The name of the program, without its directory.
  [[nodiscard]] std::string_view program() const;
  [[nodiscard]] bool has_word(std::string_view word) const;
};

// The commands of a line, as far as blanks, quotes and the signs `&&`, `||`, `|`, `;` and line ends
// tell: enough to recognise what people write into `run`, and no shell.
std::vector<ShellCommand> shell_commands(std::string_view line);

}  // namespace cogbuild::check
