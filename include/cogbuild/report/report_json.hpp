#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/report/report.hpp>

#include <string>
#include <string_view>

namespace cogbuild::report {

// The schema of docs/report-schema.md: stable order, two spaces of indent, LF at the end. What can
// be computed from the rest (totals, largest things, comparison, duplicates) is written for
// readers.
std::string render_json(const Report& report);

// parse_json(render_json(r)) == r when all texts are UTF-8. Unknown and computed members are
// ignored. Errors: config (malformed; the member is named), unsupported (another version of the
// schema).
Result<Report> parse_json(std::string_view text);

}  // namespace cogbuild::report
