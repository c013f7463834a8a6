#pragma once

#include <cogbuild/report/compare.hpp>
#include <cogbuild/report/duplicates.hpp>
#include <cogbuild/report/report.hpp>
#include <cogbuild/report/totals.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::report {

// What text and Markdown both show, computed once from a report.
struct Outline {
  Totals totals{};
  std::optional<Comparison> comparison{};
  std::vector<LargeThing> largest{};
  std::vector<Duplicate> duplicates{};
};
Outline outline(const Report& report);

// `12.3%` of the pull, `-` of nothing.
std::string share_of(std::uint64_t bytes, std::uint64_t total_bytes);
// `?` where it is unknown.
std::string unpacked_size(const LayerSummary& layer);
// `301.4 MB`, or `at least 301.4 MB`.
std::string unpacked_total(const Totals& totals);
// `same`, `new`, `replaced`, `+12.3 MB`.
std::string change_text(const LayerChange& change);
// How a large thing differs from the earlier image: `same`, `new`, `replaced`, `+12.3 MB`.
std::string change_text(const LargeThing& thing, const Comparison& comparison);
// `1.2` for an item that came or went, `1.2 -> 1.3` for one that stayed.
std::string version_text(const ItemChange& change);
// The layer of one of its items, in short: nothing for a layer of one thing, which is named for it;
// the kind of a layer whose title is a list; else the title.
std::string place_text(const LayerSummary& layer);
// The titles of the layers in which a thing is.
std::string places_text(const Duplicate& duplicate, const ImageSummary& image);

}  // namespace cogbuild::report
