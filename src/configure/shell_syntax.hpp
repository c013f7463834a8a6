#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// Maintainer scripts as statements: the part of the POSIX shell language (IEEE 1003.1, "Shell
// Command Language") that they are written in. Nothing is expanded here.
namespace cogbuild::configure {

enum class StatementType : std::uint8_t {
  command,   // words, with assignments first
  sequence,  // children one after the other: `a; b`, `{ a; }`, `( a )`
  both,      // `a && b`
  either,    // `a || b`
  negation,  // `! a`
  pipeline,  // `a | b`
  branch,    // if: condition, then, else (an empty sequence where there is none)
  choice,    // case: words[0]; children as `arms` says
  each,      // for: words[0] is the variable, the others its values; child: the body
  loop,      // while, until: condition, body
  function,  // words[0]: its name; child: the body
};

struct Redirection {
  std::string op{};      // `>`, `<<`, `2>&` without the number: `>&`
  std::string target{};  // a word as written; of a here-document its text
};

struct Statement {
  StatementType type = StatementType::sequence;
  std::size_t line = 0;
  std::string text{};                // of a command: the words, as written
  std::vector<std::string> words{};  // as written, quotes and all
  std::vector<Redirection> redirections{};
  std::vector<Statement> children{};
  std::vector<std::vector<std::string>> arms{};  // of a choice: the patterns of each child
};

struct Script {
  Statement body{};
  std::string trouble{};  // what could not be read; empty: all was
  std::size_t trouble_line = 0;
};

// Never fails: what cannot be read is the trouble, and the statements before it are there.
Script read_script(std::string_view text);

}  // namespace cogbuild::configure
