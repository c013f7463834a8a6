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

// `https://host:port` of a URL.
std::string origin_of(const std::string& url) {
  return url.substr(0, url.find('/', url.find("://") + 3));
}

// What git is to know of a host's login, as entries of its configuration. A URL with credentials
// would not do: git hands URLs to its helpers as arguments, which every user sees.
std::vector<std::pair<std::string, std::string>> login_settings(const Location& location) {
  const std::string of_origin = fmt::format("credential.{}.", origin_of(location.url));
  std::vector<std::pair<std::string, std::string>> settings;
  if (location.username.empty() && location.password.empty()) return settings;
  // Where there is a login for a URL, the user's own rules do not turn it into another.
  settings.emplace_back(fmt::format("url.{}.insteadOf", location.url), location.url);
  if (!location.username.empty()) settings.emplace_back(of_origin + "username", location.username);
  if (location.password.empty()) return settings;
  // The user's helpers are neither asked for what is known nor given it to keep.
  settings.emplace_back("credential.helper", "");
  settings.emplace_back(of_origin + "helper",
                        "!f() { test \"$1\" = get && printf 'username=%s\\npassword=%s\\n' "
                        "\"$COGBUILD_GIT_USERNAME\" \"$COGBUILD_GIT_PASSWORD\"; }; f");
  return settings;
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
  const auto settings = login_settings(location);
  set("GIT_CONFIG_COUNT", std::to_string(settings.size()));
  for (std::size_t i = 0; i < settings.size(); ++i) {
    set(fmt::format("GIT_CONFIG_KEY_{}", i), settings[i].first);
    set(fmt::format("GIT_CONFIG_VALUE_{}", i), settings[i].second);
  }
  if (!location.password.empty()) {
    set("COGBUILD_GIT_USERNAME", location.username);
    set("COGBUILD_GIT_PASSWORD", location.password);
  }
  return command;
}

std::string complaint(const process::Outcome& outcome, const Location& location) {
  std::string text = outcome.error_output;
  // A user name may be a common word, and is secret only where there is no password: tokens.
  const bool is_token = location.password.empty();
  for (const std::string& secret : {location.password, is_token ? location.username : ""}) {
    replace_all(text, url::percent_encode(secret), "…");
    replace_all(text, secret, "…");
  }
  for (const char end : {'@', ':'}) {
    if (location.username.empty()) break;
    replace_all(text, fmt::format("//{}{}", url::percent_encode(location.username), end),
                fmt::format("//…{}", end));
  }
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  while (text.ends_with(' ')) text.pop_back();
  if (text.size() > kComplaintBytes) text.erase(0, text.size() - kComplaintBytes);
  return text.empty() ? fmt::format("git ended with status {}", outcome.exit_code) : text;
}

}  // namespace cogbuild::git
