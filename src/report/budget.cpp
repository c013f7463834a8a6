#include "label.hpp"

#include <cogbuild/report/budget.hpp>
#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/compare.hpp>
#include <cogbuild/report/totals.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace cogbuild::report {

namespace {

constexpr std::array<std::string_view, 7> kKinds{"base", "system",  "python", "runtime",
                                                 "run",  "weights", "code"};

Error unknown_subject(std::string_view subject) {
  return Error(ErrorKind::usage, fmt::format("`{}` is not a budget", subject))
      .hint(
          "budgets are total, unpacked, layer, package and growth, or a kind of layer: base, "
          "system, "
          "python, runtime, run, weights, code");
}

bool is_kind(std::string_view text) { return std::ranges::find(kKinds, text) != kKinds.end(); }

// `layer:code` -> {layer, code}; a `*` selects all, as nothing does.
std::pair<std::string_view, std::string_view> split_subject(std::string_view subject) {
  const auto colon = subject.find(':');
  if (colon == std::string_view::npos) return {subject, {}};
  return {subject.substr(0, colon), subject.substr(colon + 1)};
}

Result<std::string> parse_subject(std::string_view text) {
  const auto [name, selector] = split_subject(text);
  const bool selects = name.size() < text.size();
  if (name == "layer" || name == "package") {
    if (!selects || selector == "*") return std::string(name);
    if (selector.empty() || (name == "layer" && !is_kind(selector)))
      return fail(unknown_subject(text));
    return std::string(text);
  }
  if (selects || !(name == "total" || name == "unpacked" || name == "growth" || is_kind(name)))
    return fail(unknown_subject(text));
  return std::string(text);
}

std::string_view trim(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

Result<Budget> parse_budget(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos)
    return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a budget", text))
                    .hint("write it as total=1.5GB"));
  Budget budget;
  TRY_ASSIGN(budget.subject, parse_subject(trim(text.substr(0, equals))));
  const auto amount = trim(text.substr(equals + 1));
  if (!amount.ends_with('%')) {
    TRY_ASSIGN(budget.allowed_bytes, parse_size(amount));
    return budget;
  }
  std::uint64_t percent = 0;
  const char* const last = amount.data() + amount.size() - 1;
  const auto [end, code] = std::from_chars(amount.data(), last, percent);
  if (code != std::errc() || end != last || percent > 1'000'000)
    return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a percentage", amount))
                    .hint("write it as growth=10%"));
  if (budget.subject != "growth")
    return fail(Error(ErrorKind::usage,
                      fmt::format("the budget `{}` cannot be a percentage", budget.subject))
                    .hint("only growth can: it is measured against another image"));
  budget.allowed_percent = percent;
  return budget;
}

// What counts towards a budget, and the largest part of it.
struct Measure {
  std::uint64_t actual_bytes = 0;
  std::string cause{};
};

std::string cause_of(std::string_view kind, const std::string& what, std::uint64_t bytes) {
  return fmt::format("{} {}, {}", clean(kind), what, format_size(bytes));
}

// The layer of which `size` says most.
template <class Size>
Measure largest_layer(const ImageSummary& image, Size size) {
  Measure measure;
  for (const auto& layer : image.layers) {
    const std::uint64_t bytes = size(layer);
    if (bytes <= measure.actual_bytes) continue;
    measure.actual_bytes = bytes;
    measure.cause = cause_of(layer.kind, clean(layer.title), bytes);
  }
  return measure;
}

Measure largest_package(const ImageSummary& image, std::string_view name) {
  Measure measure;
  for (const auto& layer : image.layers)
    for (const auto& item : layer.items) {
      if (item.kind != "package" || (!name.empty() && item.name != name)) continue;
      if (item.unpacked_bytes <= measure.actual_bytes) continue;
      measure.actual_bytes = item.unpacked_bytes;
      measure.cause = cause_of(item.kind, label(item.name, item.version), item.unpacked_bytes);
    }
  return measure;
}

Measure growth(const ImageSummary& image, const ImageSummary& before) {
  const auto comparison = compare(before, image);
  Measure measure;
  if (comparison.after_pull_bytes > comparison.before_pull_bytes)
    measure.actual_bytes = comparison.after_pull_bytes - comparison.before_pull_bytes;
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    const auto& change = comparison.layers[i];
    if (change.after_bytes <= change.before_bytes ||
        change.after_bytes - change.before_bytes <= largest)
      continue;
    largest = change.after_bytes - change.before_bytes;
    measure.cause =
        fmt::format("{} {}, {}", clean(image.layers[i].kind), clean(image.layers[i].title),
                    format_change(change.before_bytes, change.after_bytes));
  }
  return measure;
}

Measure measure(const Budget& budget, const ImageSummary& image, const ImageSummary* before) {
  const auto [name, selector] = split_subject(budget.subject);
  if (name == "growth") return growth(image, *before);
  if (name == "package") return largest_package(image, selector);
  const auto compressed = [](const LayerSummary& layer) { return layer.compressed_bytes; };
  if (name == "layer")
    return largest_layer(image, [&, only = selector](const LayerSummary& layer) {
      return only.empty() || layer.kind == only ? layer.compressed_bytes : 0;
    });
  const auto all = totals(image);
  Measure result;
  if (name == "total") {
    result = largest_layer(image, compressed);
    result.actual_bytes = all.pull_bytes;
  } else if (name == "unpacked") {
    result = largest_layer(
        image, [](const LayerSummary& layer) { return layer.unpacked_bytes.value_or(0); });
    result.actual_bytes = all.unpacked_bytes;
  } else {
    result = largest_layer(image, [&, kind = name](const LayerSummary& layer) {
      return layer.kind == kind ? layer.compressed_bytes : 0;
    });
    const auto found = all.compressed_by_kind.find(std::string(name));
    result.actual_bytes = found == all.compressed_by_kind.end() ? 0 : found->second;
  }
  return result;
}

// `percent` of `bytes`, rounded down, without passing 64 bits.
std::uint64_t share(std::uint64_t bytes, std::uint64_t percent) {
  constexpr auto kMax = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t hundreds = bytes / 100;
  if (percent != 0 && hundreds > kMax / percent) return kMax;
  return add_sizes(hundreds * percent, bytes % 100 * percent / 100);
}

}  // namespace

Result<std::vector<Budget>> parse_budgets(std::string_view text) {
  std::vector<Budget> budgets;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    TRY_ASSIGN(auto budget, parse_budget(trim(text.substr(begin, end - begin))));
    budgets.push_back(std::move(budget));
    begin = end + 1;
  }
  return budgets;
}

std::vector<Violation> check_budgets(const std::vector<Budget>& budgets, const ImageSummary& image,
                                     const ImageSummary* before) {
  std::vector<Violation> violations;
  for (const auto& budget : budgets) {
    if (budget.subject == "growth" && before == nullptr) continue;
    const auto measured = measure(budget, image, before);
    const std::uint64_t allowed = budget.allowed_percent
                                      ? share(totals(*before).pull_bytes, *budget.allowed_percent)
                                      : budget.allowed_bytes;
    if (measured.actual_bytes <= allowed) continue;
    violations.push_back({.budget = budget.subject,
                          .allowed_bytes = allowed,
                          .actual_bytes = measured.actual_bytes,
                          .cause = measured.cause});
  }
  return violations;
}

std::string to_string(const Violation& violation) {
  auto actual = format_size(violation.actual_bytes);
  auto allowed = format_size(violation.allowed_bytes);
  // Where rounding hides the difference, the exact numbers show it.
  if (actual == allowed) {
    actual = fmt::format("{} bytes", violation.actual_bytes);
    allowed = fmt::format("{} bytes", violation.allowed_bytes);
  }
  auto line = fmt::format("budget {}: {}, allowed {}", clean(violation.budget), actual, allowed);
  if (!violation.cause.empty()) line += "; largest: " + clean(violation.cause);
  return line;
}

std::string ci_annotation(const Violation& violation) {
  std::string escaped;  // as the workflow commands ask for; line ends are gone already
  for (const char c : to_string(violation)) {
    if (c == '%')
      escaped += "%25";
    else
      escaped += c;
  }
  return fmt::format("::error title=Image size::{}\n", escaped);
}

Result<void> require_none(const std::vector<Violation>& violations) {
  if (violations.empty()) return {};
  Error error(ErrorKind::budget, to_string(violations.front()));
  for (std::size_t i = 1; i < violations.size(); ++i)
    error = std::move(error).also(Error(ErrorKind::budget, to_string(violations[i])));
  return fail(std::move(error));
}

}  // namespace cogbuild::report
