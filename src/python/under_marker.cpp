#include "under_marker.hpp"

#include "ascii.hpp"

#include <cogbuild/python/package_name.hpp>

#include <fmt/format.h>

namespace cogbuild::python {

std::string under_marker(std::string_view requirement, std::string_view condition) {
  const auto at = requirement.find('@');
  auto semicolon = requirement.find(';');
  // In a URL the `;` counts only after white space.
  while (at < semicolon && semicolon != std::string_view::npos &&
         !is_space(requirement[semicolon - 1]))
    semicolon = requirement.find(';', semicolon + 1);
  if (semicolon == std::string_view::npos) return fmt::format("{} ; {}", requirement, condition);
  return fmt::format("{} ; ({}) and {}", trim(requirement.substr(0, semicolon)),
                     trim(requirement.substr(semicolon + 1)), condition);
}

std::string under_extra(std::string_view requirement, std::string_view extra) {
  return under_marker(requirement, fmt::format("extra == '{}'", normalize_name(extra)));
}

}  // namespace cogbuild::python
