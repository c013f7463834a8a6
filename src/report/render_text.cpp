#include "label.hpp"
#include "outline.hpp"
#include "text_table.hpp"

#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/render_text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cogbuild::report {

namespace {

constexpr std::size_t kMaxHoldsWidth = 48;
constexpr std::size_t kMaxNameWidth = 60;
constexpr std::size_t kMaxRows = 20;  // of changes and duplicates; the JSON has them all

std::string layers_table(const Report& report, const Outline& outline) {
  const bool built = std::ranges::any_of(
      report.image.layers, [](const LayerSummary& layer) { return !layer.origin.empty(); });
  std::string alignment = "<<>>>";
  std::vector<std::string> head{"layer", "holds", "compressed", "unpacked", "share"};
  if (built) {
    alignment += '<';
    head.emplace_back("origin");
  }
  if (outline.comparison) {
    alignment += '>';
    head.emplace_back("change");
  }
  TextTable table(alignment + "<");
  head.emplace_back("digest");
  table.add(std::move(head));
  for (std::size_t i = 0; i < report.image.layers.size(); ++i) {
    const auto& layer = report.image.layers[i];
    std::vector<std::string> row{fit(clean(layer.kind), kMaxHoldsWidth),
                                 fit(describe(layer), kMaxHoldsWidth),
                                 format_size(layer.compressed_bytes), unpacked_size(layer),
                                 share_of(layer.compressed_bytes, outline.totals.pull_bytes)};
    if (built) row.push_back(fit(clean(layer.origin), kMaxHoldsWidth));
    if (outline.comparison) row.push_back(change_text(outline.comparison->layers[i]));
    row.push_back(layer.digest.hex().substr(0, 12));
    table.add(std::move(row));
  }
  return table.text();
}

std::string removed_layers(const Comparison& comparison) {
  std::string out;
  for (const auto& layer : comparison.removed_layers)
    fmt::format_to(std::back_inserter(out), "removed layer: {} {}, {}\n", clean(layer.kind),
                   fit(describe(layer), kMaxHoldsWidth), format_size(layer.compressed_bytes));
  return out;
}

std::string totals_lines(const Report& report, const Outline& outline) {
  const auto& totals = outline.totals;
  std::string out = fmt::format("total: {} {}, {} to pull, {} unpacked\n", totals.layers,
                                totals.layers == 1 ? "layer" : "layers",
                                format_size(totals.pull_bytes), unpacked_total(totals));
  if (outline.comparison) {
    const auto& comparison = *outline.comparison;
    fmt::format_to(std::back_inserter(out), "against {}: {}; a machine that has it downloads {}\n",
                   clean(report.compared->name),
                   format_change(comparison.before_pull_bytes, comparison.after_pull_bytes),
                   format_size(comparison.transfer_bytes));
  }
  if (!report.missing.empty())
    fmt::format_to(std::back_inserter(out), "{} does not exist yet: nothing to compare with\n",
                   clean(report.missing));
  return out;
}

std::string largest_table(const Outline& outline, const ImageSummary& image) {
  if (outline.largest.empty()) return {};
  TextTable table(outline.comparison ? "<<>><" : "<<><");
  for (const auto& thing : outline.largest) {
    std::vector<std::string> row{fit(clean(thing.item.kind), kMaxNameWidth),
                                 fit(label(thing.item.name, thing.item.version), kMaxNameWidth),
                                 format_size(thing.item.unpacked_bytes)};
    if (outline.comparison) row.push_back(change_text(thing, *outline.comparison));
    const auto& layer = image.layers[thing.layer];
    const auto place = place_text(layer);
    row.push_back(place.empty() ? "" : "in " + fit(place, kMaxNameWidth));
    table.add(std::move(row));
  }
  return "\nlargest, unpacked\n" + table.text();
}

std::string and_more(std::size_t count) {
  return count > kMaxRows ? fmt::format("and {} more\n", count - kMaxRows) : "";
}

std::string changes_table(const Outline& outline) {
  if (!outline.comparison || outline.comparison->items.empty()) return {};
  const auto& items = outline.comparison->items;
  TextTable table("<<<<>");
  for (std::size_t i = 0; i < std::min(items.size(), kMaxRows); ++i)
    table.add({std::string(to_string(items[i].change)), fit(clean(items[i].kind), kMaxNameWidth),
               fit(clean(items[i].name), kMaxNameWidth), fit(version_text(items[i]), kMaxNameWidth),
               format_change(items[i].before_bytes, items[i].after_bytes)});
  return "\nchanged, unpacked\n" + table.text() + and_more(items.size());
}

std::string duplicates_table(const Outline& outline, const ImageSummary& image) {
  const auto& duplicates = outline.duplicates;
  if (duplicates.empty()) return {};
  TextTable table("<<><");
  for (std::size_t i = 0; i < std::min(duplicates.size(), kMaxRows); ++i)
    table.add({fit(clean(duplicates[i].kind), kMaxNameWidth),
               fit(clean(duplicates[i].name), kMaxNameWidth),
               format_size(duplicates[i].wasted_bytes) + " hidden",
               "in " + fit(places_text(duplicates[i], image), kMaxNameWidth)});
  return "\nstored more than once\n" + table.text() + and_more(duplicates.size());
}

std::string budget_lines(const Report& report) {
  std::string out;
  for (const auto& violation : report.violations) out += "over " + to_string(violation) + "\n";
  for (const auto& budget : report.skipped_budgets)
    fmt::format_to(std::back_inserter(out), "budget {}: skipped, nothing to compare with\n",
                   clean(budget));
  return out.empty() ? out : "\n" + out;
}

}  // namespace

std::string render_text(const Report& report) {
  const auto computed = outline(report);
  std::string out =
      fmt::format("{}  {}\n\n", clean(report.image.name), digest::to_string(report.image.digest));
  out += layers_table(report, computed);
  if (computed.comparison) out += removed_layers(*computed.comparison);
  out += "\n" + totals_lines(report, computed);
  out += largest_table(computed, report.image);
  out += changes_table(computed);
  out += duplicates_table(computed, report.image);
  out += budget_lines(report);
  return out;
}

}  // namespace cogbuild::report
