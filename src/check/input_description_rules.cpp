#include "input_rules.hpp"
#include "input_words.hpp"
#include "parameter_source.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cogbuild::check {
namespace {

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

void find_undescribed(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    const auto sources = parameter_sources(subject, signature);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto& input = signature.inputs[i];
      if (input.description && !is_blank(*input.description)) continue;
      // One that is there but cannot be read is another rule's matter.
      if (!sources[i].is_plain() || (!input.description && sources[i].option("description")))
        continue;
      report
          .at(input.location, fmt::format("`{}` has no description", input.name),
              "say in `Input(description=…)` what it does, for people who never saw the code")
          .about(input.name);
    }
  });
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// The words of a description in lower case; empty where it holds anything but ASCII, since words
// of other scripts are not counted.
std::vector<std::string> description_words(std::string_view description) {
  std::vector<std::string> out;
  std::string word;
  for (char c : description) {
    if (static_cast<unsigned char>(c) >= 0x80) return {};
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (is_letter(c)) {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

std::string_view without_plural(std::string_view word) {
  if (word.size() > 3 && word.ends_with('s')) word.remove_suffix(1);
  return word;
}

bool is_in_name(std::string_view word, const std::vector<std::string_view>& name) {
  return std::any_of(name.begin(), name.end(), [&](std::string_view part) {
    return without_plural(part) == without_plural(word);
  });
}

bool is_article(std::string_view word) {
  return word == "a" || word == "an" || word == "the" || word == "of" || word == "your";
}

// Whether every word of the description stands in the name already.
bool repeats_name(const std::vector<std::string>& description, std::string_view name) {
  const auto words = words_of(name);
  return std::all_of(description.begin(), description.end(), [&](const std::string& word) {
    return is_article(word) || is_in_name(word, words);
  });
}

void find_vague(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs) {
      if (!input.description) continue;
      const auto words = description_words(*input.description);
      if (words.empty()) continue;
      if (repeats_name(words, input.name))
        report
            .at(input.location,
                fmt::format("the description of `{}` only repeats its name", input.name),
                "say what it changes in the result, and which values work well")
            .about(input.name);
      else if (words.size() == 1)
        report
            .at(input.location, fmt::format("the description of `{}` is one word", input.name),
                "say what it changes in the result, and which values work well")
            .about(input.name);
    }
  });
}

// A range that spans so much that a newcomer cannot guess a value that works.
bool is_wide(const schema::Input& input) {
  if (!is_number(input) || !input.minimum || !input.maximum) return false;
  const auto low = std::max(*input.minimum, 1.0);
  return *input.maximum / low >= 20;
}

// Whether a text says which values are good: a digit, or a word of comparison.
bool gives_guidance(std::string_view description) {
  static constexpr auto kWords = std::to_array<std::string_view>(
      {"higher",   "lower", "more",   "less",    "fewer",     "larger",  "smaller", "faster",
       "slower",   "best",  "better", "good",    "recommend", "typical", "usual",   "increase",
       "decrease", "try",   "longer", "shorter", "default",   "random",  "quality"});
  if (description.find_first_of("0123456789") != std::string_view::npos) return true;
  const auto words = description_words(description);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](std::string_view start) { return word.starts_with(start); });
  });
}

void find_unguided(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs) {
      if (!is_wide(input) || !input.description || input.name == "seed") continue;
      if (description_words(*input.description).empty() || gives_guidance(*input.description))
        continue;
      report.at(input.location,
                fmt::format("`{}` takes {:g} to {:g}, and nothing says where good values lie",
                            input.name, *input.minimum, *input.maximum),
                "add to its description which values work well, and what more or less does");
    }
  });
}

constexpr std::array kRules = {
    Rule{.id = "input-undescribed",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "an input has no description",
         .why = "The description is what people see beside the input, in a form and in the "
                "documentation of the API. Without it they have to read the code.",
         .bad = "strength: float = Input(default=0.8, ge=0, le=1)",
         .good = "strength: float = Input(\n"
                 "    description=\"How far the result may depart from your image: 0 keeps it, 1 "
                 "ignores it\",\n"
                 "    default=0.8, ge=0, le=1)",
         .many = "inputs have no description",
         .many_fix = "say in `Input(description=…)` what each does, for people who never saw the "
                     "code",
         .find = find_undescribed},
    Rule{.id = "input-vague-description",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "a description says no more than the name",
         .why = "`guidance_scale: Guidance scale` explains nothing to somebody who meets it for "
                "the first time.",
         .bad = "guidance_scale: float = Input(description=\"Guidance scale\", default=7.5)",
         .good = "guidance_scale: float = Input(\n"
                 "    description=\"How closely to follow the prompt. 5 to 9 work well; more makes "
                 "harsh colours\",\n"
                 "    default=7.5)",
         .many = "inputs have descriptions that say no more than their names",
         .many_fix = "say what each changes in the result, and which values work well",
         .find = find_vague},
    Rule{.id = "input-no-guidance",
         .group = Group::inputs,
         .severity = Severity::hint,
         .on_by_default = false,
         .summary = "a wide range without a word about which values work well",
         .why =
             "Wide ranges let people experiment, but a newcomer needs to know where to begin and "
             "what a larger value does.",
         .bad = "steps: int = Input(description=\"Number of denoising steps\", ge=1, le=500, "
                "default=50)",
         .good = "steps: int = Input(\n"
                 "    description=\"Number of denoising steps: 20 to 50 is enough for most, more "
                 "takes longer\",\n"
                 "    ge=1, le=500, default=30)",
         .find = find_unguided},
};

}  // namespace

std::span<const Rule> input_description_rules() { return kRules; }

}  // namespace cogbuild::check
