#pragma once

#include <cogbuild/error/result.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace cogbuild::lock {

// A point in time as RFC 3339 in UTC, `2024-05-01T12:00:00Z`, from such a timestamp (any offset), a
// date (its whole day counts), or a span before `now`: `7 days`, `24 hours`, `1 week`, `P7D`,
// `PT36H`. Error: usage.
Result<std::string> parse_cutoff(std::string_view text, std::chrono::sys_seconds now);

}  // namespace cogbuild::lock
