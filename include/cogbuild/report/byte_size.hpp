#pragma once

#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace cogbuild::report {

// `900MB`, `1.5 GB`, `5MiB`, `2048`: decimal units (kB MB GB TB, or the letter alone), binary ones
// with an `i`, bytes without a unit; case does not matter. At most six decimals. Error: usage.
Result<std::uint64_t> parse_size(std::string_view text);

// Decimal megabytes with one decimal, as everywhere in a report: `12.3 MB`; `<0.1 MB` for what
// would round to nothing; `0 MB` for nothing.
std::string format_size(std::uint64_t bytes);

// The change from one size to another, with its sign: `+12.3 MB`, `-<0.1 MB`, `same`.
std::string format_change(std::uint64_t before_bytes, std::uint64_t after_bytes);

// a + b, or the largest value there is: sizes from foreign images may be anything.
std::uint64_t add_sizes(std::uint64_t a, std::uint64_t b);

}  // namespace cogbuild::report
