#include "config_checks.hpp"
#include "rule_reporter.hpp"
#include "shell_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::check {
namespace {

// Every command that cog.yaml runs while it builds: `run`, then `pre_install`.
struct Step {
  const std::string& command;
  const SourceLocation& location;
};
std::vector<Step> steps_of(const Subject& subject) {
  std::vector<Step> out;
  if (!subject.config) return out;
  for (const auto& step : subject.config->run_steps) out.push_back({step->command, step.location});
  for (const auto& step : subject.config->pre_install) out.push_back({*step, step.location});
  return out;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Words behind `word` that are no options; options in `valued` take the next word with them.
std::vector<std::string> names_after(const ShellCommand& command, std::string_view word,
                                     const std::vector<std::string_view>& valued) {
  std::vector<std::string> out;
  auto at = std::find(command.words.begin(), command.words.end(), word);
  if (at == command.words.end()) return out;
  for (++at; at != command.words.end(); ++at) {
    if (at->starts_with('-')) {
      if (std::find(valued.begin(), valued.end(), *at) != valued.end() &&
          at + 1 != command.words.end())
        ++at;
    } else if (*at != "&" && !at->starts_with('>') && !at->starts_with("2>")) {
      out.push_back(*at);
    }
  }
  return out;
}

// Packages that `apt-get install` of this command names, when all are plain names.
std::optional<std::vector<std::string>> apt_packages(const ShellCommand& command) {
  if (command.program() != "apt-get" && command.program() != "apt") return std::nullopt;
  auto names = names_after(command, "install", {"-t", "-o", "-c", "--target-release"});
  const bool plain = std::all_of(names.begin(), names.end(), [](const std::string& name) {
    return name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.+-") == std::string::npos &&
           !name.starts_with('.');
  });
  // Packages for the Python of the distribution: the model does not see them there either.
  std::erase_if(names, [](const std::string& name) { return name.starts_with("python3-"); });
  if (names.empty() || !plain) return std::nullopt;
  return names;
}

// `system_packages` knows the archives of the base alone.
bool adds_an_archive(std::string_view command) {
  return holds(command, "add-apt-repository") || holds(command, "sources.list") ||
         holds(command, "apt-key") || holds(command, "keyring") || holds(command, "setup_") ||
         holds(command, "script.deb.sh") || holds(command, "add-architecture");
}

std::size_t pip_words(const ShellCommand& command) {
  const auto& words = command.words;
  const auto is = [&](std::size_t index, std::string_view word) {
    return index < words.size() && words[index] == word;
  };
  const std::string_view program = command.program();
  if (program.starts_with("pip") && is(1, "install")) return 2;
  if (program == "uv" && is(1, "pip") && is(2, "install")) return 3;
  if (program.starts_with("python") && is(1, "-m") && is(2, "pip") && is(3, "install")) return 4;
  return 0;
}

// What `pip install` of this command asks for, when a line of a requirements file could say it too.
std::vector<std::string> pip_packages(const ShellCommand& command) {
  const std::size_t at = pip_words(command);
  if (at == 0) return {};
  for (const std::string_view word :
       {"-e", "--editable", "--no-deps", "--no-build-isolation", "--target", "-t", "--prefix",
        "--no-binary", "--force-reinstall", "--config-settings", "--root", "--ignore-installed"})
    if (command.has_word(word)) return {};
  auto names = names_after(command, "install",
                           {"-i", "--index-url", "--extra-index-url", "-f", "--find-links", "-c",
                            "--constraint", "-r", "--requirement", "--timeout", "--retries"});
  std::erase_if(names, [](const std::string& name) {
    // The tools themselves, and what lies in the project or is given by a variable.
    return name == "pip" || name == "setuptools" || name == "wheel" || name == "uv" ||
           name.starts_with('.') || name.starts_with('/') || holds(name, "$") ||
           name.ends_with(".whl") || name.starts_with("pip=") || name.starts_with("setuptools=") ||
           name.starts_with("pip<") || name.starts_with("setuptools<") || name.starts_with("pip>");
  });
  return names;
}

// Where the command has pip look, as lines of a requirements file; they apply to the whole of it.
std::vector<std::string> index_lines(const ShellCommand& command) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kOptions = {{
      {"-i", "--index-url"},
      {"--index-url", "--index-url"},
      {"--extra-index-url", "--extra-index-url"},
      {"-f", "--find-links"},
      {"--find-links", "--find-links"},
      {"--pre", "--pre"},
  }};
  std::vector<std::string> out;
  const auto& words = command.words;
  for (std::size_t i = 0; i < words.size(); ++i)
    for (const auto& [option, line] : kOptions) {
      if (words[i] == option) {
        out.emplace_back(line);
        if (option != "--pre" && i + 1 < words.size()) out.back() += " " + words[i + 1];
      } else if (option.starts_with("--") && words[i].starts_with(std::string(option) + "=")) {
        out.push_back(fmt::format("{} {}", line, words[i].substr(option.size() + 1)));
      }
    }
  return out;
}

std::string pip_fix(const ShellCommand& command, const std::vector<std::string>& packages) {
  const auto lines = index_lines(command);
  if (lines.empty())
    return fmt::format("list among the Python requirements: {}", fmt::join(packages, ", "));
  return fmt::format("move into the requirements file: {}, with `{}` on a line of its own",
                     fmt::join(packages, ", "), fmt::join(lines, "` and `"));
}

bool is_shell(std::string_view program) {
  return program == "sh" || program == "bash" || program == "zsh" || program.starts_with("python");
}
bool is_download(std::string_view program) { return program == "curl" || program == "wget"; }

bool pins_a_commit(const std::vector<ShellCommand>& commands) {
  const auto chooses = [](const std::string& word) {
    return word == "checkout" || word == "switch" || word == "reset" || word == "fetch" ||
           word == "-b" || word.starts_with("--branch");
  };
  return std::any_of(commands.begin(), commands.end(), [&](const ShellCommand& command) {
    return command.program() == "git" &&
           std::any_of(command.words.begin(), command.words.end(), chooses);
  });
}

// What of the command can give something else tomorrow; empty: nothing that is known.
std::string unpinned_part(const std::vector<ShellCommand>& commands) {
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const ShellCommand& command = commands[i];
    if (i > 0 && command.piped_into && is_shell(command.program()) &&
        is_download(commands[i - 1].program()))
      return fmt::format("a script that `{}` fetches is run unseen", commands[i - 1].program());
    if (is_download(command.program()))
      for (const std::string& word : command.words)
        if (holds(word, "/releases/latest/"))
          return "the latest release is fetched, whichever that is";
    if (command.program() == "git" && command.has_word("clone") && !pins_a_commit(commands))
      return "a repository is cloned as it is on that day";
  }
  return {};
}

}  // namespace

void find_apt_in_run(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const Step& step : steps_of(subject)) {
    // What an archive that a command adds gives to later commands, only that archive has.
    if (adds_an_archive(step.command)) return;
    for (const ShellCommand& command : shell_commands(step.command)) {
      const auto packages = apt_packages(command);
      if (!packages) continue;
      report.at(step.location,
                fmt::format("`{} install` in `run` is not locked and runs anew in "
                            "each build",
                            command.program()),
                fmt::format("list under `system_packages`: {}", fmt::join(*packages, ", ")));
    }
  }
}

void find_pip_in_run(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const Step& step : steps_of(subject)) {
    for (const ShellCommand& command : shell_commands(step.command)) {
      const auto packages = pip_packages(command);
      if (packages.empty()) continue;
      report
          .at(step.location, "`pip install` in `run` is not locked and shares no layer",
              pip_fix(command, packages))
          .about(fmt::format("{}", fmt::join(packages, " ")));
    }
  }
}

void find_unpinned_run(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for (const Step& step : steps_of(subject))
    if (auto message = unpinned_part(shell_commands(step.command)); !message.empty())
      report.at(step.location, std::move(message),
                "name a version: a release, a tag or a commit, with its checksum where there is "
                "one");
}

}  // namespace cogbuild::check
