#include "rule_groups.hpp"
#include "rule_reporter.hpp"
#include "text_lines.hpp"

#include <cogbuild/check/subject.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::check {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `registry:5000/owner/name:tag@digest` without tag and digest.
std::string_view without_tag(std::string_view reference) {
  reference = reference.substr(0, reference.find('@'));
  const auto slash = reference.rfind('/');
  const auto colon = reference.rfind(':');
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash))
    reference = reference.substr(0, colon);
  return reference;
}

// What follows the registry's host, which may have capitals.
std::string_view without_host(std::string_view reference) {
  const auto slash = reference.find('/');
  if (slash == std::string_view::npos) return reference;
  const auto first = reference.substr(0, slash);
  const bool is_host = first == "localhost" || first.find_first_of(".:") != std::string_view::npos;
  return is_host ? reference.substr(slash + 1) : reference;
}

std::string_view last_component(std::string_view repository) {
  return repository.substr(repository.rfind('/') + 1);  // npos + 1 is 0
}

// `Picture_Fixer` -> `picture-fixer`, `SDXLTurbo` -> `sdxlturbo`.
std::string in_dashes(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (is_upper(c)) {
      out += static_cast<char>(c - 'A' + 'a');
    } else if (is_lower(c) || is_digit(c) || c == '.') {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && (out.back() == '-' || out.back() == '.')) out.pop_back();
  return out;
}

// Of `image` or `model`, whichever the project gives.
const config::Located<std::string>* image_name(const Subject& subject) {
  if (!subject.config) return nullptr;
  if (!subject.config->image->empty()) return &subject.config->image;
  if (!subject.config->model->empty()) return &subject.config->model;
  return nullptr;
}

void find_invalid_image_name(const Subject& subject, std::vector<Finding>& findings) {
  const auto* const name = image_name(subject);
  if (name == nullptr) return;
  const auto repository = without_host(without_tag(**name));
  if (!std::any_of(repository.begin(), repository.end(), is_upper)) return;
  RuleReporter(findings).at(
      name->location, fmt::format("`{}` has capitals, which every registry refuses", repository),
      fmt::format("call it `{}`", in_dashes(last_component(repository))));
}

void find_image_name_style(const Subject& subject, std::vector<Finding>& findings) {
  const auto* const name = image_name(subject);
  if (name == nullptr) return;
  const auto model = last_component(without_host(without_tag(**name)));
  if (model.find('_') == std::string_view::npos) return;
  RuleReporter(findings).at(name->location,
                            fmt::format("`{}` has underscores; names of models have dashes", model),
                            fmt::format("call it `{}`", in_dashes(model)));
}

// `70b`, `1.5b`, `350m`: a number of parameters; `8bit`, `fp16`, `int4`: a precision.
bool is_variant_word(std::string_view word) {
  static constexpr auto kPrecisions = std::to_array<std::string_view>(
      {"fp32", "fp16", "bf16", "fp8", "int8", "int4", "4bit", "8bit", "awq", "gptq", "gguf"});
  if (std::find(kPrecisions.begin(), kPrecisions.end(), word) != kPrecisions.end()) return true;
  if (word.size() < 2 || (word.back() != 'b' && word.back() != 'm')) return false;
  word.remove_suffix(1);
  return is_digit(word.front()) &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.'; });
}

void find_variant_first(const Subject& subject, std::vector<Finding>& findings) {
  const auto* const name = image_name(subject);
  if (name == nullptr) return;
  const auto model = in_dashes(last_component(without_host(without_tag(**name))));
  const auto dash = model.find('-');
  if (dash == std::string::npos || !is_variant_word(model.substr(0, dash))) return;
  RuleReporter(findings).at(name->location, fmt::format("`{}` begins with its variant", model),
                            fmt::format("put the official name first: `{}-{}`",
                                        model.substr(dash + 1), model.substr(0, dash)));
}

void find_weight_name_style(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config) return;
  RuleReporter report(findings);
  for (const auto& weight : subject.config->weights) {
    if (weight.name->find('_') == std::string::npos) continue;
    report.at(weight.name.location,
              fmt::format("`{}` has underscores; dashes are the usual style", *weight.name),
              fmt::format("call it `{}`", in_dashes(*weight.name)));
  }
}

// Whether a README's line is a sentence: no heading, badge, picture, list, table or markup.
bool is_prose(std::string_view line) {
  const auto begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return false;
  line.remove_prefix(begin);
  static constexpr std::string_view kMarkup = "#![<-*|=`:>~";
  if (kMarkup.find(line.front()) != std::string_view::npos && !line.starts_with("**"))
    return line.front() == '[' && line.find("](") != std::string_view::npos && !line.ends_with(')');
  return std::count(line.begin(), line.end(), ' ') >= 2;
}

bool has_prose(std::string_view text) {
  bool found = false;
  bool fenced = false;
  for_each_line(text, [&](const TextLine& line) {
    if (line.text.starts_with("```")) fenced = !fenced;
    found = found || (!fenced && is_prose(line.text));
  });
  return found;
}

void find_undescribed_model(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.predict || has_prose(subject.predict->docstring) || has_prose(subject.readme))
    return;
  RuleReporter(findings).at(
      subject.predict->location, "no sentence says what the model does",
      "begin README.md, or a docstring of the class, with one plain sentence");
}

constexpr std::array kRules = {
    Rule{.id = "image-name-invalid",
         .group = Group::names,
         .severity = Severity::error,
         .summary = "the image's name has capitals",
         .why = "Registries accept lower case only: the build would succeed and the push fail.",
         .bad = "image: registry.example/acme/Picture-Fixer",
         .good = "image: registry.example/acme/picture-fixer",
         .find = find_invalid_image_name},
    Rule{.id = "image-name-style",
         .group = Group::names,
         .severity = Severity::warning,
         .summary = "the image's name has underscores",
         .why = "Models are named in lower case with dashes; a name of another style is hard to "
                "remember and to search for.",
         .bad = "image: registry.example/acme/picture_fixer",
         .good = "image: registry.example/acme/picture-fixer",
         .find = find_image_name_style},
    Rule{.id = "image-variant-last",
         .group = Group::names,
         .severity = Severity::hint,
         .summary = "the image's name begins with a size or a precision",
         .why =
             "The official name first and the variant last keeps the variants of a model side by "
             "side in every list: llama-2-7b, llama-2-70b, llama-2-70b-chat.",
         .bad = "image: registry.example/acme/70b-llama-2",
         .good = "image: registry.example/acme/llama-2-70b",
         .find = find_variant_first},
    Rule{.id = "weight-name-style",
         .group = Group::names,
         .severity = Severity::hint,
         .summary = "the name of a weights entry has underscores",
         .why = "The name becomes a part of what is pushed; one style is easier to remember.",
         .bad = "weights:\n  - name: sdxl_base\n    target: /src/weights",
         .good = "weights:\n  - name: sdxl-base\n    target: /src/weights",
         .find = find_weight_name_style},
    Rule{.id = "model-undescribed",
         .group = Group::names,
         .severity = Severity::hint,
         .summary = "neither README nor docstring says what the model does",
         .why = "One plain sentence, without jargon and abbreviations, lets people decide whether "
                "the model is what they look for.",
         .bad = "# picture-fixer",
         .good = "# picture-fixer\n\nRestores old photographs: removes scratches and sharpens "
                 "faces.",
         .find = find_undescribed_model},
};

}  // namespace

std::span<const Rule> name_rules() { return kRules; }

}  // namespace cogbuild::check
