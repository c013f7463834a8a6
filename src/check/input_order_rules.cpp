#include "input_rules.hpp"
#include "input_words.hpp"
#include "parameter_source.hpp"
#include "rule_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace cogbuild::check {
namespace {

using Inputs = std::vector<schema::Input>;

// "`a`", "`a` and `b`", "`a`, `b` and 2 more".
std::string listed(const std::vector<std::string_view>& names) {
  if (names.size() == 1) return fmt::format("`{}`", names[0]);
  if (names.size() == 2) return fmt::format("`{}` and `{}`", names[0], names[1]);
  return fmt::format("`{}`, `{}` and {} more", names[0], names[1], names.size() - 2);
}

// The required inputs that stand behind `first`.
std::vector<std::string_view> required_after(const Inputs& inputs, std::size_t first) {
  std::vector<std::string_view> out;
  for (std::size_t i = first + 1; i < inputs.size(); ++i)
    if (is_meant_required(inputs[i])) out.push_back(inputs[i].name);
  return out;
}

void find_order(const schema::Signature& signature, RuleReporter& report) {
  const auto& inputs = signature.inputs;
  const auto optional = std::find_if_not(inputs.begin(), inputs.end(), is_meant_required);
  if (optional == inputs.end()) return;
  const auto first = static_cast<std::size_t>(optional - inputs.begin());
  if (is_main_input(optional->name)) return;
  if (const auto later = required_after(inputs, first); !later.empty()) {
    report.at(optional->location,
              fmt::format("`{}` stands before {}, which every caller must give", optional->name,
                          listed(later)),
              "put required inputs first, the most important at the top");
    return;
  }
  if (first != 0) return;
  if (!is_minor_input(optional->name) && optional->choices.empty()) return;
  const auto main = std::find_if(inputs.begin(), inputs.end(), [](const schema::Input& input) {
    return is_main_input(input.name);
  });
  if (main == inputs.end()) return;
  report.at(
      optional->location,
      fmt::format("`{}` stands before `{}`, which the model is about", optional->name, main->name),
      fmt::format("put `{}` first", main->name));
}

void find_orders(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject,
                     [&](const schema::Signature& signature) { find_order(signature, report); });
}

// First words that say what an input does to something, or which of several it is, rather than what
// it belongs to.
constexpr auto kLooseFirstWords = std::to_array<std::string_view>(
    {"add",       "all",    "allow",    "apply",  "audio",   "auto",      "back",
     "base",      "batch",  "begin",    "bottom", "crop",    "custom",    "default",
     "disable",   "do",     "enable",   "end",    "exclude", "extra",     "extract",
     "file",      "final",  "first",    "force",  "front",   "full",      "generate",
     "gradient",  "has",    "high",     "image",  "include", "inference", "learning",
     "lr",        "init",   "initial",  "input",  "is",      "keep",      "last",
     "left",      "load",   "low",      "main",   "make",    "mask",      "max",
     "maximum",   "min",    "minimum",  "model",  "new",     "no",        "num",
     "number",    "only",   "original", "output", "prompt",  "random",    "randomise",
     "randomize", "remove", "return",   "right",  "sample",  "sampling",  "save",
     "second",    "seed",   "set",      "show",   "skip",    "source",    "start",
     "target",    "test",   "text",     "top",    "total",   "train",     "training",
     "use",       "user",   "video",    "with"});

bool is_loose(std::string_view word) {
  return std::find(kLooseFirstWords.begin(), kLooseFirstWords.end(), word) !=
         kLooseFirstWords.end();
}

// The other one of a pair that is read together, of a full name; empty: none.
std::string partner_of(std::string_view name) {
  static constexpr std::array kPairs = {
      std::pair<std::string_view, std::string_view>{"negative_prompt", "prompt"},
      std::pair<std::string_view, std::string_view>{"height", "width"},
  };
  for (const auto& [one, other] : kPairs) {
    if (name == one) return std::string(other);
    if (name == other) return std::string(one);
  }
  return {};
}

bool shares_word(std::string_view name, std::string_view word) {
  const auto words = words_of(name);
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The nearest earlier input that belongs to number `later`; the word they share, for pairs empty.
struct Relation {
  std::size_t earlier = 0;
  std::string word{};
};
std::optional<Relation> relation_of(const Inputs& inputs, std::size_t later) {
  const auto partner = partner_of(full_name(inputs[later].name));
  const auto words = words_of(inputs[later].name);
  const bool tied = words.size() > 1 && !is_loose(words[0]) && !is_main_input(inputs[later].name);
  for (std::size_t i = later; i-- > 0;) {
    if (!partner.empty() && full_name(inputs[i].name) == partner) return Relation{i, {}};
    const auto other = words_of(inputs[i].name);
    if (tied && other.size() > 1 && other[0] == words[0] && !is_main_input(inputs[i].name))
      return Relation{i, std::string(words[0])};
  }
  return std::nullopt;
}

void find_apart(const schema::Signature& signature, RuleReporter& report) {
  const auto& inputs = signature.inputs;
  std::vector<std::string> told;  // shared words that a finding was made of
  for (std::size_t later = 1; later < inputs.size(); ++later) {
    const auto relation = relation_of(inputs, later);
    if (!relation || std::find(told.begin(), told.end(), relation->word) != told.end()) continue;
    // What stands between may belong to them too: `prompt`, `prompt_strength`, `negative_prompt`.
    const auto word = relation->word.empty() ? words_of(inputs[later].name).back()
                                             : std::string_view(relation->word);
    bool apart = false;
    for (std::size_t i = relation->earlier + 1; i < later; ++i)
      apart = apart || !shares_word(inputs[i].name, word);
    if (!apart) continue;
    if (!relation->word.empty()) told.push_back(relation->word);
    report.at(inputs[later].location,
              fmt::format("`{}` and `{}` belong together but stand apart",
                          inputs[relation->earlier].name, inputs[later].name),
              "put them side by side");
  }
}

void find_related_apart(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  for_each_signature(subject,
                     [&](const schema::Signature& signature) { find_apart(signature, report); });
}

constexpr std::array kRules = {
    Rule{.id = "input-order",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "an optional or minor input stands before the important ones",
         .why = "A form shows the inputs in the order of the signature. What everybody must fill "
                "in, and what the model is about, belongs at the top. The order is no part of the "
                "API: moving an input breaks nobody.",
         .bad = "def run(self, seed: int = Input(default=0), prompt: str = Input()) -> Path:",
         .good = "def run(self, prompt: str = Input(), seed: int = Input(default=0)) -> Path:",
         .find = find_orders},
    Rule{.id = "input-related-apart",
         .group = Group::inputs,
         .severity = Severity::hint,
         .summary = "inputs that belong together stand apart",
         .why = "`prompt` and `negative_prompt`, `width` and `height`, everything that begins with "
                "`edge_`: one explains the other, so people look for them side by side.",
         .bad = "edge_strength: float, prompt: str, edge_image: Path",
         .good = "prompt: str, edge_image: Path, edge_strength: float",
         .find = find_related_apart},
};

}  // namespace

std::span<const Rule> input_order_rules() { return kRules; }

}  // namespace cogbuild::check
