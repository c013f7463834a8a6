#include "input_rules.hpp"
#include "input_words.hpp"
#include "parameter_source.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace cogbuild::check {
namespace {

void find_short_names(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs) {
      const auto full = full_name(input.name);
      if (full == input.name) continue;
      report.at(input.location, fmt::format("`{}` is a shortened name", input.name),
                fmt::format("call it `{}`, unless people use the model already", full));
    }
  });
}

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// `everyNFrames` -> `every_n_frames`, `HR` -> `hr`.
std::string in_snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_upper(c)) {
      out += c;
      continue;
    }
    const bool begins_word =
        i > 0 && (is_lower_or_digit(name[i - 1]) ||
                  (is_upper(name[i - 1]) && i + 1 < name.size() && is_lower_or_digit(name[i + 1])));
    if (begins_word) out += '_';
    out += static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

void find_capitals(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs)
      if (std::any_of(input.name.begin(), input.name.end(), is_upper))
        report.at(input.location,
                  fmt::format("`{}` has capitals; names of inputs are lower case", input.name),
                  fmt::format("call it `{}`", in_snake_case(input.name)));
  });
}

constexpr std::array kRules = {
    Rule{.id = "input-short-name",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "an input's name is shortened",
         .why = "People meet an input by its name, in a form or in a program. A full word needs no "
                "guess and is the same as in other models. Usual names such as `fps`, `top_k` and "
                "`num_inference_steps` are fine. A new name changes the API: do it before people "
                "use the model.",
         .bad = "n_prompt: str = Input(description=\"What to keep out of the picture\")",
         .good = "negative_prompt: str = Input(description=\"What to keep out of the picture\")",
         .find = find_short_names},
    Rule{.id = "input-name-style",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "an input's name has capitals",
         .why = "Inputs of all models are lower case with underscores; a capital is easily "
                "mistyped.",
         .bad = "HR: bool = Input(description=\"Whether the photo is large\", default=False)",
         .good = "high_resolution: bool = Input(description=\"Whether the photo is large\", "
                 "default=False)",
         .find = find_capitals},
};

}  // namespace

std::span<const Rule> input_name_rules() { return kRules; }

}  // namespace cogbuild::check
