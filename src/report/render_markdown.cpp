#include "label.hpp"
#include "outline.hpp"

#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/render_markdown.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <vector>

namespace cogbuild::report {

namespace {

constexpr std::size_t kMaxNameWidth = 80;
constexpr std::size_t kMaxLineWidth = 300;
constexpr std::size_t kNoteBytes = 400;  // kept free for the note of what was cut

// `text` in a code span of a table cell: nothing in it can mention, link, format or end the cell.
std::string code(const std::string& text, std::size_t max_width = kMaxNameWidth) {
  std::string out = "`";
  for (const char c : fit(text, max_width)) {
    if (c == '`')
      out += '\'';
    else if (c == '|')
      out += "\xc2\xa6";  // a broken bar: an escape would meet the backslashes of names
    else
      out += c;
  }
  return out.size() == 1 ? "" : out + "`";
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const auto& cell : cells) out += " " + cell + " |";
  return out + "\n";
}

// Markdown that never passes its limit: what does not fit is counted instead.
class Page {
 public:
  explicit Page(std::size_t limit_bytes) : room_bytes_(limit_bytes - kNoteBytes) {}

  // Lines that belong together: `rows` between `head` and `tail`, as many as fit.
  void add(std::string_view what, const std::string& head, const std::vector<std::string>& rows,
           const std::string& tail) {
    std::size_t needed = head.size() + tail.size();
    std::size_t count = 0;
    while (count < rows.size() && out_.size() + needed + rows[count].size() <= room_bytes_)
      needed += rows[count++].size();
    if (count < rows.size())
      cut_.push_back(fmt::format("{} of {} {}", rows.size() - count, rows.size(), what));
    if (count == 0) return;
    out_ += head;
    for (std::size_t i = 0; i < count; ++i) out_ += rows[i];
    out_ += tail;
  }
  std::string take() {
    if (!cut_.empty())
      out_ += fmt::format("\n_Cut to keep this short: {}. The JSON report has all of it._\n",
                          fmt::join(cut_, ", "));
    return std::move(out_);
  }

 private:
  std::size_t room_bytes_;
  std::string out_{};
  std::vector<std::string> cut_{};
};

std::string details(std::string_view summary, std::string_view head) {
  return fmt::format("\n<details><summary>{}</summary>\n\n{}", summary, head);
}
constexpr const char* kEndDetails = "\n</details>\n";

std::string summary_line(const Report& report, const Outline& outline) {
  const auto& totals = outline.totals;
  std::string out = fmt::format("**{}** to pull", format_size(totals.pull_bytes));
  if (outline.comparison)
    fmt::format_to(
        std::back_inserter(out), " ({})",
        format_change(outline.comparison->before_pull_bytes, outline.comparison->after_pull_bytes));
  fmt::format_to(std::back_inserter(out), ", **{}** unpacked, {} {}.", unpacked_total(totals),
                 totals.layers, totals.layers == 1 ? "layer" : "layers");
  if (outline.comparison)
    fmt::format_to(std::back_inserter(out), " A machine that has {} downloads **{}**.",
                   code(clean(report.compared->name)),
                   format_size(outline.comparison->transfer_bytes));
  if (!report.missing.empty())
    fmt::format_to(std::back_inserter(out), " {} does not exist yet: nothing to compare with.",
                   code(clean(report.missing)));
  return out + "\n";
}

std::vector<std::string> budget_rows(const Report& report) {
  std::vector<std::string> rows;
  for (const auto& violation : report.violations)
    rows.push_back(fmt::format("- :x: over {}\n", code(to_string(violation), kMaxLineWidth)));
  for (const auto& budget : report.skipped_budgets)
    rows.push_back(
        fmt::format("- budget {}: skipped, nothing to compare with\n", code(clean(budget))));
  return rows;
}

void add_layers(Page& page, const Report& report, const Outline& outline) {
  const bool built = std::ranges::any_of(
      report.image.layers, [](const LayerSummary& layer) { return !layer.origin.empty(); });
  std::string head = "\n| layer | holds | compressed | unpacked | share |";
  std::string rule = "\n| --- | --- | ---: | ---: | ---: |";
  if (built) {
    head += " origin |";
    rule += " --- |";
  }
  if (outline.comparison) {
    head += " change |";
    rule += " ---: |";
  }
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < report.image.layers.size(); ++i) {
    const auto& layer = report.image.layers[i];
    std::vector<std::string> cells{code(clean(layer.kind)), code(describe(layer)),
                                   format_size(layer.compressed_bytes), unpacked_size(layer),
                                   share_of(layer.compressed_bytes, outline.totals.pull_bytes)};
    if (built) cells.push_back(code(clean(layer.origin)));
    if (outline.comparison) cells.push_back(change_text(outline.comparison->layers[i]));
    rows.push_back(row(cells));
  }
  if (outline.comparison)
    for (const auto& layer : outline.comparison->removed_layers) {
      std::vector<std::string> cells{code(clean(layer.kind)), code(describe(layer)),
                                     format_size(layer.compressed_bytes), unpacked_size(layer), ""};
      if (built) cells.emplace_back();
      cells.emplace_back("removed");
      rows.push_back(row(cells));
    }
  page.add("layers", head + rule + "\n", rows, "");
}

void add_largest(Page& page, const Report& report, const Outline& outline) {
  std::vector<std::string> rows;
  for (const auto& thing : outline.largest) {
    std::vector<std::string> cells{code(clean(thing.item.kind)),
                                   code(label(thing.item.name, thing.item.version)),
                                   format_size(thing.item.unpacked_bytes)};
    if (outline.comparison) cells.push_back(change_text(thing, *outline.comparison));
    const auto& layer = report.image.layers[thing.layer];
    const auto place = place_text(layer);
    cells.push_back(place.empty() ? "" : code(place));
    rows.push_back(row(cells));
  }
  page.add("largest things",
           details("Largest", outline.comparison ? "| kind | name | unpacked | change | layer |\n"
                                                   "| --- | --- | ---: | ---: | --- |\n"
                                                 : "| kind | name | unpacked | layer |\n"
                                                   "| --- | --- | ---: | --- |\n"),
           rows, kEndDetails);
}

void add_changes(Page& page, const Outline& outline) {
  if (!outline.comparison) return;
  const auto& items = outline.comparison->items;
  std::vector<std::string> rows;
  for (const auto& item : items)
    rows.push_back(
        row({std::string(to_string(item.change)), code(clean(item.kind)), code(clean(item.name)),
             code(version_text(item)), format_change(item.before_bytes, item.after_bytes)}));
  page.add("changes",
           details(fmt::format("Added, removed, grown ({})", items.size()),
                   "| change | kind | name | version | unpacked |\n"
                   "| --- | --- | --- | --- | ---: |\n"),
           rows, kEndDetails);
}

void add_duplicates(Page& page, const Report& report, const Outline& outline) {
  std::vector<std::string> rows;
  for (const auto& duplicate : outline.duplicates)
    rows.push_back(
        row({code(clean(duplicate.kind)), code(clean(duplicate.name)),
             format_size(duplicate.wasted_bytes), code(places_text(duplicate, report.image))}));
  page.add("duplicates",
           details(fmt::format("Stored more than once ({})", rows.size()),
                   "| kind | name | hidden | in |\n| --- | --- | ---: | --- |\n"),
           rows, kEndDetails);
}

}  // namespace

std::string render_markdown(const Report& report, std::size_t limit_bytes) {
  const auto computed = outline(report);
  Page page(limit_bytes);
  page.add(
      "headings",
      fmt::format("{}\n### Image size: {}\n\n", kMarkdownMarker, code(clean(report.image.name))),
      {summary_line(report, computed)}, "");
  page.add("budgets", "\n", budget_rows(report), "");
  add_layers(page, report, computed);
  add_largest(page, report, computed);
  add_changes(page, computed);
  add_duplicates(page, report, computed);
  return page.take();
}

}  // namespace cogbuild::report
