#include "rule_parts.hpp"
#include "rule_reporter.hpp"
#include "secret_text.hpp"

#include <cogbuild/check/subject.hpp>
#include <cogbuild/project/baked_in.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace cogbuild::check {
namespace {

constexpr std::uint64_t kLargestText = std::uint64_t{1} << 20;
constexpr std::uint64_t kMostBytes = std::uint64_t{32} << 20;  // of files that are not Python
constexpr std::size_t kMostInAFile = 5;

// Files in which people keep settings and write programs; vocabularies, data and pictures are not
// read.
bool may_hold_secrets(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  if (name.starts_with(".env")) return true;
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return true;  // scripts, Dockerfile
  // Of JSON, which is data for the most part, what is named for settings.
  if (name.substr(dot) == ".json")
    return std::ranges::any_of(
        std::to_array<std::string_view>({"credential", "secret", "settings", "service", "account",
                                         "firebase", "db_", "database", "login"}),
        [name](auto word) { return name.find(word) != std::string_view::npos; });
  constexpr auto kSuffixes = std::to_array<std::string_view>(
      {".sh", ".yaml", ".yml", ".toml", ".cfg", ".ini", ".conf", ".env", ".ipynb", ".pem", ".key",
       ".properties", ".bash", ".netrc", ".pypirc", ".npmrc"});
  return std::ranges::find(kSuffixes, name.substr(dot)) != kSuffixes.end();
}

// Without the text of the line, which would show the secret.
SourceLocation place_of(const std::string& file, std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto feed = before.rfind('\n');
  return {.file = file,
          .line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          .column = offset - (feed == std::string_view::npos ? 0 : feed + 1) + 1};
}

void look_into(const std::string& file, std::string_view text, RuleReporter& report) {
  std::size_t found = 0;
  auto secrets = find_secrets(text);
  if (file.ends_with(".json"))
    if (auto login = find_login(text); login.size > 0 && secrets.empty())
      secrets.push_back(std::move(login));
  for (const auto& secret : secrets) {
    if (++found > kMostInAFile) return;
    constexpr std::size_t kShown = 4;
    const auto what =
        secret.size == 0 ? fmt::format("{} goes into the image", secret.what)
                         : fmt::format("`{}…` looks like {} and goes into the image",
                                       text.substr(secret.begin, std::min(kShown, secret.size / 5)),
                                       secret.what);
    report.at(place_of(file, text, secret.begin), what,
              "withdraw it at its issuer, and take it from an input of type `Secret` or the "
              "environment");
  }
}

void find_secret_texts(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  for (const auto& file : subject.python) look_into(file->path(), file->text(), report);
  std::uint64_t read_bytes = 0;
  for (const auto& file : subject.listing->files) {
    // cog.yaml has a rule of its own.
    if (file.type != io::FileType::regular || file.stamp.size_bytes > kLargestText ||
        file.path.ends_with(".py") || file.path == subject.config_file ||
        !may_hold_secrets(file.path))
      continue;
    read_bytes += file.stamp.size_bytes;
    if (read_bytes > kMostBytes) return;
    const auto text = subject.tree->read(file.path, kLargestText);
    if (text && text->find('\0') == std::string::npos) look_into(file.path, *text, report);
  }
}

// A `.env` may hold settings only, a `.pem` certificates.
bool holds_secret(const Subject& subject, const std::string& path) {
  const auto name = std::string_view(path).substr(path.rfind('/') + 1);
  if (!name.starts_with(".env") && !name.ends_with(".pem")) return true;
  const auto text = subject.tree->read(path, kLargestText);
  if (!text) return true;
  return name.ends_with(".pem") ? text->find("PRIVATE KEY-----") != std::string::npos
                                : has_secret_setting(*text);
}

void find_secret_files(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.listing) return;
  RuleReporter report(findings);
  for (const auto& warning : project::warn_of_baked_in(*subject.listing)) {
    if (warning.find("may hold secrets") == std::string::npos) continue;
    const auto open = warning.find('`');
    const auto close = warning.find('`', open + 1);
    const auto file = open == std::string::npos || close == std::string::npos
                          ? std::string()
                          : warning.substr(open + 1, close - open - 1);
    if (file.empty() || !holds_secret(subject, file)) continue;
    const auto colon = warning.find(": name it");
    report.in_file(file, warning.substr(0, colon), "name it in .dockerignore");
  }
}

constexpr std::array kRules = {
    Rule{.id = "secret-in-file",
         .group = Group::files,
         .severity = Severity::error,
         .summary = "a key, token or password in a file that goes into the image",
         .why = "Whoever can pull the image can read it, also from a layer that a later one "
                "covers. A secret that was pushed once is known: only withdrawing it helps.",
         .bad = "login(token=\"hf_…\")",
         .good = "login(token=os.environ[\"HF_TOKEN\"])",
         .find = find_secret_texts},
    Rule{.id = "secret-file",
         .group = Group::files,
         .severity = Severity::warning,
         .summary = "a file that by its name holds secrets goes into the image",
         .why = "`.env`, private keys and token files are for one machine. Whoever can pull the "
                "image can read them.",
         .bad = ".env",
         .good = "# .dockerignore\n.env",
         .find = find_secret_files},
};

}  // namespace

std::span<const Rule> secret_rules() { return kRules; }

}  // namespace cogbuild::check
