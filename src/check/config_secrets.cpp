#include "config_checks.hpp"
#include "rule_reporter.hpp"
#include "secret_text.hpp"
#include "text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::check {
namespace {

bool is_token_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// What a text holds by its own form, wherever it stands; empty: nothing.
std::string_view known_secret(std::string_view text) {
  const auto found = find_secrets(text);
  return found.empty() ? std::string_view() : found.front().what;
}

// `HF_TOKEN`, `DB_PASSWORD`, `OPENAI_API_KEY`; not `TOKENIZERS_PARALLELISM` or `MAX_TOKENS`.
bool names_a_secret(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kWords = {
      "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIALS", "APIKEY", "PASSPHRASE", "PWD"};
  static constexpr std::array<std::string_view, 4> kKinds = {"API", "ACCESS", "PRIVATE", "SECRET"};
  std::string upper(name);
  for (char& c : upper)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  std::string_view last;
  std::string_view before;
  for (std::string_view rest = upper; !rest.empty();) {
    const std::size_t end = std::min(rest.find('_'), rest.size());
    before = std::exchange(last, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const auto is_one_of = [](const auto& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return (last != "PWD" || !before.empty()) &&
         (is_one_of(kWords, last) || (last == "KEY" && is_one_of(kKinds, before)));
}

// Not a path, a number, a switch, a reference to another variable or a stand-in.
bool could_be_secret(std::string_view value) {
  constexpr std::size_t kShortest = 8;
  if (value.size() < kShortest || value.find_first_of(" /<>${}") != std::string_view::npos)
    return false;
  if (value.find_first_not_of("0123456789.") == std::string_view::npos) return false;
  for (const std::string_view word : {"xxx", "XXX", "your", "YOUR", "change", "example", "..."})
    if (value.find(word) != std::string_view::npos) return false;
  return true;
}

// The place of `NAME=` in the file, without the text of the line: a message would show the secret.
SourceLocation place_of(const Subject& subject, const std::string& assignment) {
  SourceLocation found{.file = subject.config_file};
  for_each_line(subject.config_text, [&](const TextLine& line) {
    const std::size_t at = line.text.find(assignment);
    if (found.line > 0 || at == std::string_view::npos) return;
    if (at > 0 && is_token_byte(line.text[at - 1])) return;
    if (line.text.substr(0, at).find('#') != std::string_view::npos) return;
    found = line.at(subject.config_file, at);
    found.line_text.clear();
  });
  return found;
}

}  // namespace

void find_secrets_in_config(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  for (const auto& [name, value] : subject.config->environment) {
    const auto what = known_secret(value);
    if (what.empty() && !(names_a_secret(name) && could_be_secret(value))) continue;
    report.at(place_of(subject, name + "="),
              fmt::format("`{}` holds {}, which everyone who gets the image can read", name,
                          what.empty() ? "what looks like a secret" : what),
              "remove it here, withdraw it at its issuer, and take it as an input of type "
              "`Secret` or set it where the model runs");
  }
  for (const auto& step : subject.config->run_steps) {
    const auto what = known_secret(step->command);
    if (what.empty()) continue;
    auto place = step.location;
    place.line_text.clear();
    report.at(std::move(place), fmt::format("a command of `run` holds {}", what),
              "withdraw it at its issuer, and give the command a mount of `type: secret`");
  }
}

}  // namespace cogbuild::check
