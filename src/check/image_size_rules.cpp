#include "image_rules.hpp"
#include "input_words.hpp"
#include "opened_pictures.hpp"
#include "reachable_code.hpp"
#include "rule_reporter.hpp"

#include <cogbuild/syntax/expressions.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>

namespace cogbuild::check {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Whether a text computes with a multiple of eight: `x % 8`, `x // 64 * 64`, `multiple_of=16`.
bool rounds_sizes(std::string_view text) {
  for (const auto* const word :
       {"multiple_of", "_multiple", "multiple of", "multiples of", "divisible"})
    if (text.find(word) != std::string_view::npos) return true;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    const bool remainder = text[i] == '%';
    const bool quotient = text[i] == '/' && text[i + 1] == '/';
    if (!remainder && !quotient) continue;
    auto at = i + (quotient ? 2 : 1);
    while (at < text.size() && text[at] == ' ') ++at;
    std::size_t number = 0;
    for (; at < text.size() && is_digit(text[at]) && number < 1000; ++at)
      number = number * 10 + static_cast<std::size_t>(text[at] - '0');
    if (number >= 8 && number % 8 == 0) return true;
  }
  return false;
}

const schema::Input* free_size(const schema::Signature& signature, std::string_view name) {
  for (const auto& input : signature.inputs)
    if (input.name == name && input.choices.empty() &&
        is_primitive(input, schema::Primitive::integer))
      return &input;
  return nullptr;
}

void find_unrounded(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.predict) return;
  const auto* const width = free_size(*subject.predict, "width");
  const auto* const height = free_size(*subject.predict, "height");
  if (width == nullptr || height == nullptr) return;
  const auto* const file = subject.python_file(subject.predict->file);
  if (file == nullptr || !file->mentions({"diffusers"})) return;
  // Flux rounds by itself.
  if (file->mentions({"Flux"})) return;
  const auto code = reachable_code(subject);
  if (std::any_of(code.begin(), code.end(),
                  [](const PythonFile* part) { return rounds_sizes(part->text()); }))
    return;
  RuleReporter(findings).at(
      width->location,
      "`width` and `height` take any number, but the pipelines of diffusers need multiples of 8",
      "round them (`width - width % 8`), or offer `choices`");
}

void find_unscaled(const Subject& subject, std::vector<Finding>& findings) {
  if (!subject.config || !subject.config->gpu) return;
  const auto pictures = opened_pictures(subject);
  if (pictures.empty()) return;
  const auto scales = [](const PythonFile* part) {
    return part->mentions({"resize", "Resize", "thumbnail", "crop", "Crop", ".fit(", ".contain(",
                           "interpolate", "rocessor", "preprocess", "transform", "max_size",
                           "tile"});
  };
  // The predictor's own file first: it mostly has the answer, and is one of many.
  if (scales(subject.python_file(subject.predict->file))) return;
  const auto code = reachable_code(subject);
  if (std::any_of(code.begin(), code.end(), scales)) return;
  RuleReporter(findings).at(
      pictures[0].call, "a picture of any size goes to the GPU, and nothing scales it down",
      "`image.thumbnail((2048, 2048))` keeps the aspect ratio and bounds the memory");
}

// The `(512, 512)` of `picture.resize((512, 512))`; no node for other calls.
syntax::Node fixed_size(const syntax::Node& call) {
  const auto callee = call.field("function");
  if (!callee.is("attribute") || callee.field("attribute").text() != "resize") return {};
  const auto given = syntax::arguments(call);
  if (given.empty() || !given[0].value.is("tuple")) return {};
  const auto sides = given[0].value.named_children();
  const bool fixed = sides.size() == 2 && sides[0].is("integer") && sides[1].is("integer");
  return fixed ? given[0].value : syntax::Node();
}

void find_distorted(const Subject& subject, std::vector<Finding>& findings) {
  RuleReporter report(findings);
  std::set<std::size_t> seen;
  for (const auto& picture : opened_pictures(subject)) {
    if (!seen.insert(picture.function.begin()).second) continue;
    const auto source = picture.function.text();
    const bool knows_ratio = source.find(".size") != std::string_view::npos ||
                             source.find(".width") != std::string_view::npos ||
                             source.find("aspect") != std::string_view::npos ||
                             source.find("ratio") != std::string_view::npos;
    if (knows_ratio) continue;
    syntax::walk(picture.function, [&](const syntax::Node& node) {
      const auto size = node.is("call") ? fixed_size(node) : syntax::Node();
      if (size)
        report.at(
            node,
            fmt::format("`resize({})` distorts every picture of another aspect ratio", size.text()),
            "use `ImageOps.pad` or `ImageOps.fit`, or scale by the longer side");
      return true;
    });
  }
}

constexpr std::array kRules = {
    Rule{.id = "image-multiple",
         .group = Group::images,
         .severity = Severity::warning,
         .summary = "`width` and `height` of a diffusers pipeline may be no multiple of 8",
         .why = "The pipelines refuse a size that is no multiple of 8 with an error, after the "
                "caller has waited for the model.",
         .bad = "pipe(prompt, width=width, height=height)",
         .good = "pipe(prompt, width=width - width % 8, height=height - height % 8)",
         .find = find_unrounded},
    Rule{.id = "image-size-unbounded",
         .group = Group::images,
         .severity = Severity::hint,
         .on_by_default = false,
         .summary = "a caller's picture goes to the GPU in whatever size it has",
         .why = "A photo of 50 megapixels runs out of memory where one of two would do.",
         .bad = "result = self.model(Image.open(image).convert(\"RGB\"))",
         .good = "picture = Image.open(image).convert(\"RGB\")\npicture.thumbnail((2048, "
                 "2048))\nresult = self.model(picture)",
         .find = find_unscaled},
    Rule{.id = "image-aspect",
         .group = Group::images,
         .severity = Severity::hint,
         .on_by_default = false,
         .summary = "a caller's picture is scaled to a fixed width and height",
         .why =
             "Scaling to fixed sides squeezes or stretches what is not of that shape; padding or "
             "cutting keeps faces round.",
         .bad = "picture = Image.open(image).resize((512, 512))",
         .good = "picture = ImageOps.pad(Image.open(image), (512, 512))",
         .find = find_distorted},
};

}  // namespace

std::span<const Rule> image_size_rules() { return kRules; }

}  // namespace cogbuild::check
