#pragma once

#include <cogbuild/report/model.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace cogbuild::report {

// `text` as valid UTF-8 on one line, control characters and broken sequences as `?`.
std::string clean(std::string_view text);

// How many columns valid UTF-8 takes, counting each code point as one.
std::size_t width(std::string_view text);

// `text` cut to `max_width` code points, ending in `...` when it was longer. Requires max_width
// >= 3.
std::string fit(const std::string& text, std::size_t max_width);

// `torch 2.3.1`.
std::string label(std::string_view name, std::string_view version);

// What a layer holds, in words: its title, and the largest items where it holds several.
std::string describe(const LayerSummary& layer);

}  // namespace cogbuild::report
