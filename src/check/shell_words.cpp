#include "shell_words.hpp"

#include <algorithm>
#include <utility>

namespace cogbuild::check {
namespace {

bool is_assignment(std::string_view word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(equals), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

class Splitter {
 public:
  void add(char c) {
    word_ += c;
    in_word_ = true;
  }
  void mark_word() { in_word_ = true; }
  void end_word() {
    if (!in_word_) return;
    if (!command_.words.empty() || (!is_assignment(word_) && word_ != "sudo"))
      command_.words.push_back(word_);
    word_.clear();
    in_word_ = false;
  }
  void end_command(bool pipes) {
    end_word();
    if (!command_.words.empty()) commands_.push_back(std::move(command_));
    command_ = {};
    command_.piped_into = pipes;
  }
  std::vector<ShellCommand> finish() {
    end_command(false);
    return std::move(commands_);
  }

 private:
  std::string word_{};
  bool in_word_ = false;
  ShellCommand command_{};
  std::vector<ShellCommand> commands_{};
};

}  // namespace

std::string_view ShellCommand::program() const {
  if (words.empty()) return {};
  const std::string_view first = words.front();
  return first.substr(first.rfind('/') + 1);  // npos + 1 is 0
}

bool ShellCommand::has_word(std::string_view word) const {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::vector<ShellCommand> shell_commands(std::string_view line) {
  Splitter splitter;
  char quote = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const char next = i + 1 < line.size() ? line[i + 1] : '\0';
    if (quote != '\0') {
      if (c == quote)
        quote = '\0';
      else
        splitter.add(c);
    } else if (c == '\'' || c == '"') {
      quote = c;
      splitter.mark_word();
    } else if (c == '\\' && next != '\0') {
      if (next != '\n') splitter.add(next);
      ++i;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      splitter.end_word();
    } else if (c == '\n' || c == ';') {
      splitter.end_command(false);
    } else if (c == '&' && next == '&') {
      splitter.end_command(false);
      ++i;
    } else if (c == '|') {
      splitter.end_command(next != '|');
      if (next == '|') ++i;
    } else {
      splitter.add(c);
    }
  }
  return splitter.finish();
}

}  // namespace cogbuild::check
