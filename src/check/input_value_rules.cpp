#include "input_rules.hpp"
#include "input_words.hpp"
#include "parameter_source.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace cogbuild::check {
namespace {

bool has_none_default(const schema::Input& input) {
  return input.default_value && input.default_value->is_none();
}

// What stands in the source as the default; no node where nothing does.
syntax::Node written_default(const ParameterSource& source) {
  return source.call ? source.option("default") : source.value;
}

void find_none_defaults(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    const auto sources = parameter_sources(subject, signature);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto& input = signature.inputs[i];
      if (!has_none_default(input) || input.is_nullable() || !input.is_required()) continue;
      // An expression that could not be read counts as None too: `input-value-unread` tells that.
      if (!written_default(sources[i]).is("none")) continue;
      report
          .at(input.location,
              fmt::format("`{}` has `default=None`, but its type `{}` has no None: callers must "
                          "give it",
                          input.name, input.annotation),
              fmt::format("write `Optional[{}]`, or a default of that type", input.annotation))
          .about(input.name);
    }
  });
}

// Whether an option that stands in the source has come into the signature.
bool was_read(const schema::Input& input, std::string_view option, const syntax::Node& value) {
  if (option == "default")
    return !value || value.is("none") || (input.default_value && !input.default_value->is_none());
  if (option == "description") return input.description.has_value();
  if (option == "ge") return input.minimum.has_value();
  if (option == "le") return input.maximum.has_value();
  if (option == "min_length") return input.min_length.has_value();
  if (option == "max_length") return input.max_length.has_value();
  if (option == "regex") return input.pattern.has_value();
  return true;
}

std::string_view consequence_of(std::string_view option) {
  if (option == "default") return "callers must give the input";
  if (option == "description") return "nobody sees it";
  return "nobody is held to it";
}

void find_unread_values(const Subject& subject, std::vector<Finding>& findings) {
  static constexpr auto kOptions = std::to_array<std::string_view>(
      {"default", "description", "ge", "le", "min_length", "max_length", "regex"});
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    const auto sources = parameter_sources(subject, signature);
    for (std::size_t i = 0; i < sources.size(); ++i)
      for (const auto option : kOptions) {
        const auto value = sources[i].option(option);
        if (!value || value.is("none") || was_read(signature.inputs[i], option, value)) continue;
        report
            .at(value,
                fmt::format("the schema leaves out `{}` of `{}`, which is not a plain value: {}",
                            option, signature.inputs[i].name, consequence_of(option)),
                option == "description" ? "write it as one plain string" : "write the value itself")
            .about(signature.inputs[i].name);
      }
  });
}

// The parts of a `concatenated_string` as one literal; empty where they differ in more than their
// text: in quotes, or in what an `f`, `r` or `b` makes of them.
std::string joined(const syntax::Node& strings) {
  std::string out;
  for (const auto& part : strings.named_children()) {
    const auto literal = part.text();
    const auto plain = syntax::string_literal(part);
    const bool usual = plain && (literal.starts_with('"') || literal.starts_with('\'')) &&
                       plain->text.size() + 2 == literal.size();
    if (!usual || (!out.empty() && out.front() != literal.front())) return {};
    if (out.empty()) out += literal.front();
    out += plain->text;
  }
  return out.empty() ? out : out + out.front();
}

void find_split_strings(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    const auto sources = parameter_sources(subject, signature);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const auto& text = signature.inputs[i].description;
      const auto value = sources[i].option("description");
      // Only what came into the schema with the quotes between its parts.
      if (!value.is("concatenated_string") || !text ||
          text->find_first_of("\"'") == std::string::npos)
        continue;
      report.at(value,
                fmt::format("the description of `{}` is shown with the quotes between its parts",
                            signature.inputs[i].name),
                "write it as one string");
      if (auto one = joined(value); !one.empty()) report.replace(value, std::move(one));
    }
  });
}

void find_unbounded(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.predict) return;
  RuleReporter report(findings);
  const auto sources = parameter_sources(subject, *subject.predict);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const auto& input = subject.predict->inputs[i];
    if (!is_number(input) || !drives_cost(input.name) || input.maximum || !input.choices.empty())
      continue;
    if (!sources[i].is_plain() || sources[i].option("le") || sources[i].option("choices")) continue;
    report.at(
        input.location,
        fmt::format("`{}` drives the time or memory of a run but has no upper bound", input.name),
        "add `le=…` (and `ge=…`), or `choices=[…]`, as far as the model can go");
  }
}

std::optional<double> number_of(const std::optional<schema::Literal>& literal) {
  if (!literal) return std::nullopt;
  if (const auto* const whole = std::get_if<std::int64_t>(&literal->value))
    return static_cast<double>(*whole);
  if (const auto* const real = std::get_if<double>(&literal->value)) return *real;
  return std::nullopt;
}

// Beyond this a default of that name is out of the ordinary.
struct UsualMost {
  std::string_view name{};
  double value = 0;
};
std::optional<double> usual_most(std::string_view name) {
  static constexpr std::array kMost = {
      UsualMost{"guidance_scale", 30}, UsualMost{"temperature", 2}, UsualMost{"num_outputs", 8},
      UsualMost{"num_images", 8},      UsualMost{"width", 4096},    UsualMost{"height", 4096},
      UsualMost{"fps", 120},
  };
  if (is_step_count(name)) return 150;
  const auto full = full_name(name);
  for (const auto& most : kMost)
    if (most.name == full) return most.value;
  return std::nullopt;
}

void find_unusual_defaults(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.predict) return;
  RuleReporter report(findings);
  for (const auto& input : subject.predict->inputs) {
    const auto value = number_of(input.default_value);
    const auto most = usual_most(input.name);
    if (!value || !most || !is_number(input) || *value <= *most) continue;
    report.at(input.location,
              fmt::format("`{}` is {:g} by default; more than {:g} is out of the ordinary",
                          input.name, *value, *most),
              "choose a default that gives a good result in reasonable time");
  }
}

void find_missing_defaults(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.predict) return;
  RuleReporter report(findings);
  for (const auto& input : subject.predict->inputs) {
    if (!is_meant_required(input) || !is_minor_input(input.name)) continue;
    if (!is_number(input) && !is_primitive(input, schema::Primitive::boolean)) continue;
    report.at(input.location,
              fmt::format("`{}` has no default: every caller must choose a value", input.name),
              "add the default that works best for most");
  }
}

bool is_one_of(const schema::Literal& literal, std::string_view text, std::int64_t number) {
  if (const auto* const word = std::get_if<std::string>(&literal.value)) {
    std::string lower = *word;
    for (char& c : lower)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return lower == text;
  }
  const auto* const whole = std::get_if<std::int64_t>(&literal.value);
  return whole != nullptr && *whole == number;
}

bool are_yes_and_no(const std::vector<schema::Literal>& choices) {
  if (choices.size() != 2) return false;
  const auto is_no = [](const schema::Literal& literal) {
    return is_one_of(literal, "no", 0) || is_one_of(literal, "false", 0);
  };
  const auto is_yes = [](const schema::Literal& literal) {
    return is_one_of(literal, "yes", 1) || is_one_of(literal, "true", 1);
  };
  return (is_no(choices[0]) && is_yes(choices[1])) || (is_yes(choices[0]) && is_no(choices[1]));
}

void find_flags(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject, [&](const schema::Signature& signature) {
    for (const auto& input : signature.inputs)
      if (are_yes_and_no(input.choices))
        report.at(input.location, fmt::format("`{}` is yes or no, but not a `bool`", input.name),
                  "make it a `bool`: people get a checkbox, programs get true and false");
  });
}

constexpr std::array kRules = {
    Rule{.id = "input-default-none",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "`default=None` on a type that is not Optional",
         .why = "Cog lists such an input as required: a caller who leaves it out is refused, "
                "although the author meant it to be optional.",
         .bad = "seed: int = Input(description=\"Leave blank for a random one\", default=None)",
         .good = "seed: Optional[int] = Input(description=\"Leave blank for a random one\", "
                 "default=None)",
         .many = "inputs have `default=None`, but types without None, so callers must give them",
         .many_fix = "write `Optional[…]` around each type, or a default of that type",
         .find = find_none_defaults},
    Rule{.id = "input-value-unread",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "a default, bound or description that the schema leaves out",
         .why = "The schema is read from the source without running it. A value that is computed "
                "or taken from elsewhere cannot be read, and is silently left out.",
         .bad = "steps: int = Input(description=\"Number of steps\", default=20, le=MAX_STEPS)",
         .good = "steps: int = Input(description=\"Number of steps\", default=20, le=100)",
         .many = "inputs have defaults, bounds or descriptions that the schema leaves out, since "
                 "they are no plain values",
         .many_fix = "write the values themselves into `Input(…)`",
         .find = find_unread_values},
    Rule{.id = "input-split-string",
         .group = Group::inputs,
         .severity = Severity::warning,
         .fixable = true,
         .summary = "a description made of several strings, which are shown with their quotes",
         .why = "Python joins strings that stand side by side. The schema is read without running "
                "Python and keeps the quotes and the blanks between them.",
         .bad = "size: int = Input(description=\"Width of the picture\"\n                  \" in "
                "pixels\")",
         .good = "size: int = Input(description=\"Width of the picture in pixels\")",
         .find = find_split_strings},
    Rule{.id = "input-unbounded",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "a number that drives the cost of a run has no upper bound",
         .why = "Without a bound one request can take hours or run out of memory. A bound stated "
                "in the schema is checked before the model starts, with a clear message.",
         .bad = "num_outputs: int = Input(description=\"How many images to make\", default=1)",
         .good = "num_outputs: int = Input(description=\"How many images to make\", default=1, "
                 "ge=1, le=4)",
         .find = find_unbounded},
    Rule{.id = "input-no-default",
         .group = Group::inputs,
         .severity = Severity::warning,
         .summary = "a setting that most people leave alone has no default",
         .why = "A first try should need the prompt or the picture and nothing else.",
         .bad = "temperature: float = Input(description=\"How varied the text is\", ge=0, le=2)",
         .good = "temperature: float = Input(description=\"How varied the text is\", ge=0, le=2, "
                 "default=0.7)",
         .find = find_missing_defaults},
    Rule{.id = "input-unusual-default",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "a default far beyond what is usual",
         .why = "The default is what nearly everybody runs and pays for.",
         .bad = "steps: int = Input(description=\"Number of denoising steps\", default=500)",
         .good = "steps: int = Input(description=\"Number of denoising steps\", default=30, ge=1, "
                 "le=500)",
         .find = find_unusual_defaults},
    Rule{.id = "input-flag-type",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "a choice between yes and no that is not a bool",
         .why = "A bool is a checkbox in forms and true or false in every language.",
         .bad = "upscale: str = Input(choices=[\"yes\", \"no\"], default=\"no\")",
         .good = "upscale: bool = Input(description=\"Whether to double the size\", default=False)",
         .find = find_flags},
};

}  // namespace

std::span<const Rule> input_value_rules() { return kRules; }

}  // namespace cogbuild::check
