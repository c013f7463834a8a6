#include "input_rules.hpp"
#include "input_words.hpp"
#include "parameter_source.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace cogbuild::check {
namespace {

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

template <std::size_t size>
bool holds(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whose tokens and keys open doors; `token` alone may well be a word of a text.
constexpr auto kKeepers = std::to_array<std::string_view>(
    {"access", "auth", "api", "hf", "huggingface", "face", "github", "civitai", "wandb", "bearer",
     "replicate", "secret", "session", "openai", "anthropic", "private"});

bool names_secret(const std::string& name) {
  const auto words = words_of(name);
  if (words.empty()) return false;
  const auto last = words.back();
  if (last == "password" || last == "passwd" || last == "secret" || last == "apikey") return true;
  if (last != "token" && last != "key") return false;
  return words.size() > 1 && holds(kKeepers, words[words.size() - 2]);
}

void find_secrets(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs) {
      if (!is_primitive(input, schema::Primitive::string) || !input.choices.empty()) continue;
      if (!names_secret(in_lower_case(input.name))) continue;
      report.at(input.location, fmt::format("`{}` is a secret but a plain `str`", input.name),
                "make it a `Secret` of cog and read it with `.get_secret_value()`");
    }
  });
}

bool is_media_name(const std::string& name) {
  static constexpr auto kMedia =
      std::to_array<std::string_view>({"image", "video", "audio", "mask", "photo"});
  auto words = words_of(name);
  if (words.empty() || words.front() == "output") return false;
  static constexpr auto kForms = std::to_array<std::string_view>({"path", "url", "uri", "file"});
  if (words.size() > 1 && holds(kForms, words.back())) words.pop_back();
  return words.size() <= 2 && holds(kMedia, words.back());
}

bool says(const schema::Input& input, std::string_view word) {
  return input.description && in_lower_case(*input.description).find(word) != std::string::npos;
}

void find_media_strings(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs) {
      if (!is_primitive(input, schema::Primitive::string) || !input.choices.empty()) continue;
      if (!is_media_name(full_name(in_lower_case(input.name)))) continue;
      if (says(input, "base64") || says(input, "docker image")) continue;
      report.at(input.location,
                fmt::format("`{}` is a `str`: nobody can upload a file", input.name),
                "make it a `Path` of cog: it takes uploads and URLs, and arrives as a local file");
    }
  });
}

constexpr std::array kRules = {
    Rule{.id = "input-secret-as-string",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "a token, key or password that is a plain string",
         .why = "What is a `Secret` is hidden in forms and kept out of logs and of stored "
                "predictions. A `str` is shown and stored like any other input.",
         .bad = "hf_token: str = Input(description=\"Token for gated models\")",
         .good = "hf_token: Secret = Input(description=\"Token for gated models\")",
         .find = find_secrets},
    Rule{.id = "input-path-as-string",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "a picture, a video or a recording that is a plain string",
         .why =
             "With `Path`, people can upload a file or give a URL, and Cog fetches it before the "
             "run begins. With `str` they must host the file themselves, and the model must "
             "fetch it.",
         .bad = "image_url: str = Input(description=\"Address of the picture\")",
         .good = "image: Path = Input(description=\"The picture\")",
         .find = find_media_strings},
};

}  // namespace

std::span<const Rule> input_type_rules() { return kRules; }

}  // namespace cogbuild::check
