#include "outline.hpp"

#include "label.hpp"

#include <cogbuild/report/byte_size.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::report {

Outline outline(const Report& report) {
  Outline result{.totals = totals(report.image),
                 .largest = largest_things(report.image),
                 .duplicates = duplicates(report.image)};
  if (report.compared) result.comparison = compare(*report.compared, report.image);
  return result;
}

std::string share_of(std::uint64_t bytes, std::uint64_t total_bytes) {
  if (total_bytes == 0) return "-";
  const double percent = 100.0 * static_cast<double>(bytes) / static_cast<double>(total_bytes);
  return fmt::format("{:.1f}%", percent);
}

std::string unpacked_size(const LayerSummary& layer) {
  return layer.unpacked_bytes ? format_size(*layer.unpacked_bytes) : "?";
}

std::string unpacked_total(const Totals& totals) {
  return (totals.all_unpacked_known ? "" : "at least ") + format_size(totals.unpacked_bytes);
}

std::string change_text(const LayerChange& change) {
  switch (change.change) {
    case Change::same:
      return "same";
    case Change::added:
      return "new";
    case Change::replaced:
      return "replaced";
    case Change::removed:
    case Change::grown:
    case Change::shrunk:
      break;
  }
  return format_change(change.before_bytes, change.after_bytes);
}

std::string change_text(const LargeThing& thing, const Comparison& comparison) {
  if (thing.layer < comparison.layers.size() && thing.item.kind != "package" &&
      thing.item.kind != "weights" && thing.item.kind != "file")
    return change_text(comparison.layers[thing.layer]);
  const auto change = std::ranges::find_if(comparison.items, [&](const ItemChange& c) {
    return c.kind == thing.item.kind && c.name == thing.item.name;
  });
  if (change == comparison.items.end()) return "same";
  if (change->change == Change::added) return "new";
  if (change->change == Change::replaced) return "replaced";
  return format_change(change->before_bytes, change->after_bytes);
}

std::string version_text(const ItemChange& change) {
  const auto before = clean(change.before_version);
  const auto after = clean(change.after_version);
  if (change.change == Change::added) return after;
  if (change.change == Change::removed || before == after) return before;
  return fmt::format("{} -> {}", before, after);
}

std::string place_text(const LayerSummary& layer) {
  if (layer.items.size() < 2) return {};
  return clean(layer.title.find(", ") == std::string::npos ? layer.title : layer.kind);
}

std::string places_text(const Duplicate& duplicate, const ImageSummary& image) {
  std::string out;
  for (const std::size_t layer : duplicate.layers) {
    if (!out.empty()) out += ", ";
    out += clean(image.layers[layer].title);
  }
  return out;
}

}  // namespace cogbuild::report
