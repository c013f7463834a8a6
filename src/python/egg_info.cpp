#include "ascii.hpp"
#include "under_marker.hpp"

#include <cogbuild/python/egg_info.hpp>
#include <cogbuild/python/requirement.hpp>

#include <fmt/format.h>

#include <set>

namespace cogbuild::python {
namespace {

struct Section {
  std::string extra{};
  std::string marker{};
};

// `[extra:marker]`, each part optional.
Section section_of(std::string_view line) {
  line.remove_prefix(1);
  if (line.ends_with(']')) line.remove_suffix(1);
  const auto colon = line.find(':');
  Section section{.extra = std::string(trim(line.substr(0, colon)))};
  if (colon != std::string_view::npos) section.marker = trim(line.substr(colon + 1));
  return section;
}

}  // namespace

Result<std::string> metadata_of_egg_info(const Metadata& pkg_info, std::string_view requires_txt) {
  std::string text = fmt::format("Metadata-Version: 2.2\nName: {}\nVersion: {}\n",
                                 pkg_info.name_text, to_string(pkg_info.version));
  if (pkg_info.requires_python)
    text += fmt::format("Requires-Python: {}\n", to_string(*pkg_info.requires_python));
  Section section;
  std::set<std::string> extras;
  while (!requires_txt.empty()) {
    const auto end = requires_txt.find('\n');
    const std::string_view line = trim(requires_txt.substr(0, end));
    requires_txt.remove_prefix(end == std::string_view::npos ? requires_txt.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with('[')) {
      section = section_of(line);
      if (!section.extra.empty() && extras.insert(normalize_name(section.extra)).second)
        text += fmt::format("Provides-Extra: {}\n", normalize_name(section.extra));
      continue;
    }
    std::string requirement(line);
    if (!section.marker.empty())
      requirement = under_marker(requirement, fmt::format("({})", section.marker));
    if (!section.extra.empty()) requirement = under_extra(requirement, section.extra);
    TRY(Requirement::parse(requirement));
    text += fmt::format("Requires-Dist: {}\n", requirement);
  }
  return text;
}

}  // namespace cogbuild::python
