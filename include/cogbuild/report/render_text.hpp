#pragma once

#include <cogbuild/report/report.hpp>

#include <string>

namespace cogbuild::report {

// Aligned tables for a terminal: the layers from the bottom to the top, totals, the largest things,
// changes, duplicates and violations. Plain text without colour; control characters of names are
// `?`.
std::string render_text(const Report& report);

}  // namespace cogbuild::report
