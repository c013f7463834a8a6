#include "python_release.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace cogbuild::base {

std::optional<PythonRelease> PythonRelease::parse(std::string_view text) {
  std::array<unsigned, 3> numbers{};
  std::size_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (;;) {
    if (count == numbers.size()) return std::nullopt;
    const auto [after, problem] = std::from_chars(at, end, numbers.at(count++));
    if (problem != std::errc()) return std::nullopt;
    if (after == end) break;
    if (*after != '.') return std::nullopt;
    at = after + 1;
  }
  if (count < 2) return std::nullopt;
  return PythonRelease{.major = numbers[0],
                       .minor = numbers[1],
                       .patch = count == 3 ? std::optional(numbers[2]) : std::nullopt};
}

Result<PythonRelease> PythonRelease::require(std::string_view text) {
  if (const auto release = parse(text)) return *release;
  return fail(Error(ErrorKind::config, text.empty()
                                           ? std::string("no version of Python is asked for")
                                           : fmt::format("`{}` is no version of Python", text))
                  .hint("write `python_version` as major.minor or major.minor.patch"));
}

std::string PythonRelease::series() const { return fmt::format("{}.{}", major, minor); }

}  // namespace cogbuild::base
