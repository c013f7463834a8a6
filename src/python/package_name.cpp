#include "ascii.hpp"

#include <cogbuild/python/package_name.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace cogbuild::python {

std::string normalize_name(std::string_view text) {
  std::string normalized;
  normalized.reserve(text.size());
  bool in_run = false;
  for (const char c : text) {
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator) normalized += to_lower(c);
    if (separator && !in_run) normalized += '-';
    in_run = separator;
  }
  return normalized;
}

Result<PackageName> PackageName::parse(std::string_view text) {
  const bool inside_valid = std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '_' || c == '.';
  });
  if (text.empty() || !inside_valid || !is_alnum(text.front()) || !is_alnum(text.back())) {
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not a valid project name", text)));
  }
  return PackageName(normalize_name(text));
}

}  // namespace cogbuild::python
