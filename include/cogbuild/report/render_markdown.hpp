#pragma once

#include <cogbuild/report/report.hpp>

#include <cstddef>
#include <string>

namespace cogbuild::report {

// The first line of every Markdown report, by which a CI step finds its earlier comment.
inline constexpr const char* kMarkdownMarker = "<!-- cogbuild-report -->";

// GitHub-flavoured Markdown for a comment or a step summary, shorter than `limit_bytes` (comments
// stop at 65,536): rows that do not fit are left out, and a note says how many. Names stand in code
// spans, so that they can neither mention nor format. Requires limit_bytes >= 4000.
std::string render_markdown(const Report& report, std::size_t limit_bytes = 60'000);

}  // namespace cogbuild::report
