#include "git_command.hpp"

#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <chrono>
#include <string_view>
#include <utility>

namespace cogbuild::git {

namespace {

constexpr std::chrono::minutes kRemoteTimeout{15};
constexpr std::size_t kComplaintBytes = 400;

void replace_all(std::string& text, const std::string& what, std::string_view with) {
  if (what.empty()) return;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

// `https://user:password@host/path` for git to put in the place of the URL without them.
std::string with_credentials(const Location& location) {
  const auto host = location.url.find("://") + 3;
  std::string user = url::percent_encode(location.username);
  if (!location.password.empty()) user += ":" + url::percent_encode(location.password);
  return fmt::format("{}{}@{}", location.url.substr(0, host), user, location.url.substr(host));
}

}  // namespace

process::Command git_command(const std::filesystem::path& repository,
                             std::vector<std::string> arguments) {
  process::Command command{
      .arguments = {"git", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c",
                    "gc.auto=0", "-c", "maintenance.auto=false", "-c",
                    "credential.interactive=false", "--git-dir=" + repository.string()},
      .environment = {
          {"GIT_TERMINAL_PROMPT", "0"},
          {"GIT_ASKPASS", ""},
          {"SSH_ASKPASS", "/bin/false"},
          {"SSH_ASKPASS_REQUIRE", "force"},  // never the terminal
          {"GIT_ALLOW_PROTOCOL", ""},
          {"GIT_NO_REPLACE_OBJECTS", "1"},
          {"GIT_CONFIG_PARAMETERS", ""},
          {"GIT_CONFIG_COUNT", "0"},
          {"GIT_OBJECT_DIRECTORY", (repository / "objects").string()},
          {"GIT_ALTERNATE_OBJECT_DIRECTORIES", ""},
          {"GIT_NAMESPACE", ""},
          {"LC_ALL", "C"},
      }};
  for (auto& argument : arguments) command.arguments.push_back(std::move(argument));
  return command;
}

process::Command remote_command(const std::filesystem::path& repository, const Location& location,
                                std::vector<std::string> arguments) {
  process::Command command = git_command(repository, std::move(arguments));
  command.timeout = kRemoteTimeout;
  const auto set = [&command](std::string_view name, std::string value) {
    for (auto& [known, old] : command.environment)
      if (known == name) {
        old = std::move(value);
        return;
      }
    command.environment.emplace_back(name, std::move(value));
  };
  // A user's own configuration may turn https into ssh, or the reverse.
  set("GIT_ALLOW_PROTOCOL", location.url.starts_with("file:") ? "file" : "https:ssh");
  if (!location.username.empty() || !location.password.empty()) {
    set("GIT_CONFIG_COUNT", "1");
    set("GIT_CONFIG_KEY_0", fmt::format("url.{}.insteadOf", with_credentials(location)));
    set("GIT_CONFIG_VALUE_0", location.url);
  }
  return command;
}

std::string complaint(const process::Outcome& outcome, const Location& location) {
  std::string text = outcome.error_output;
  for (const std::string& secret : {location.password, location.username}) {
    replace_all(text, url::percent_encode(secret), "…");
    replace_all(text, secret, "…");
  }
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (text.ends_with(' ')) text.pop_back();
  if (text.size() > kComplaintBytes) text.erase(0, text.size() - kComplaintBytes);
  return text.empty() ? fmt::format("git ended with status {}", outcome.exit_code) : text;
}

}  // namespace cogbuild::git
