#include "pip_install.hpp"

#include "shell_words.hpp"

#include <cstddef>
#include <string_view>
#include <utility>

namespace cogbuild::check {
namespace {

std::string_view program_of(std::string_view word) { return word.substr(word.rfind('/') + 1); }

}  // namespace

std::vector<std::string> pip_install_words(const std::vector<std::string>& command) {
  std::size_t at = 0;
  const auto word = [&](std::size_t index) {
    return index < command.size() ? std::string_view(command[index]) : std::string_view();
  };
  if (program_of(word(at)) == "uv") ++at;
  if (program_of(word(at)).starts_with("python") && word(at + 1) == "-m") at += 2;
  const auto program = program_of(word(at));
  if (program != "pip" && program != "pip3" && !program.starts_with("pip3.")) return {};
  if (word(at + 1) != "install") return {};
  return {command.begin() + static_cast<std::ptrdiff_t>(at + 2), command.end()};
}

std::vector<std::string> words_of_late_installs(const Subject& subject) {
  std::vector<std::string> out;
  if (!subject.config) return out;
  for (const auto& step : subject.config->run_steps)
    for (const auto& command : shell_commands(step->command))
      for (auto& word : pip_install_words(command.words)) out.push_back(std::move(word));
  return out;
}

}  // namespace cogbuild::check
