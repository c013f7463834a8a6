#include "requirement_location.hpp"

#include "ascii.hpp"
#include "project_path.hpp"

#include <cogbuild/python/wheel_name.hpp>
#include <cogbuild/url/url.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::python {
namespace {

constexpr std::array<std::string_view, 4> kUrlSchemes = {"http:", "https:", "file:", "ftp:"};

bool is_url(std::string_view text) {
  const std::string lower = to_lower(text.substr(0, 8));
  return is_version_controlled(text) ||
         std::any_of(kUrlSchemes.begin(), kUrlSchemes.end(),
                     [&](std::string_view scheme) { return lower.starts_with(scheme); });
}

// A path has a slash or a leading dot, or names an archive; `name @ https://…` is neither.
bool is_path(std::string_view text) {
  const auto at = text.find('@');
  const std::string_view before_at = text.substr(0, at);
  if (before_at.find('/') != std::string_view::npos || text.starts_with('.')) return true;
  const std::string_view stem = trim(text.substr(0, text.find_first_of("[;")));
  return at == std::string_view::npos &&
         (is_wheel_file_name(stem) || is_source_archive_file_name(stem));
}

struct Split {
  std::string_view location{};
  std::string_view extras{};  // without brackets
  std::string_view marker{};
};

// `location[extras] ; marker`. In a URL the `;` counts only after white space.
Split split(std::string_view text, bool url) {
  Split parts;
  std::size_t semicolon = text.find(';');
  while (url && semicolon != std::string_view::npos && semicolon > 0 &&
         !is_space(text[semicolon - 1])) {
    // pip also takes `; ` for the separator.
    if (semicolon + 1 < text.size() && is_space(text[semicolon + 1])) break;
    semicolon = text.find(';', semicolon + 1);
  }
  if (semicolon != std::string_view::npos) parts.marker = trim(text.substr(semicolon + 1));
  parts.location = trim(text.substr(0, semicolon));
  const auto bracket = parts.location.rfind('[');
  if (parts.location.ends_with(']') && bracket != std::string_view::npos && bracket > 0) {
    parts.extras = parts.location.substr(bracket + 1, parts.location.size() - bracket - 2);
    parts.location = trim(parts.location.substr(0, bracket));
  }
  return parts;
}

Result<std::vector<std::string>> parse_extras(std::string_view text) {
  // The grammar of extras lives in Requirement; any name will do to borrow it.
  TRY_ASSIGN(auto requirement, Requirement::parse(fmt::format("x[{}]", text)));
  return std::move(requirement.extras);
}

Error vcs_error(std::string_view text) {
  const std::string_view scheme = text.substr(0, text.find('+'));
  return Error(ErrorKind::unsupported, fmt::format("`{}+` requirements are not supported", scheme))
      .hint("build a wheel of it and name the wheel's path or URL");
}

Result<void> fill(std::string_view text, RequirementLine& line, const io::Tree& project) {
  const bool url = is_url(text);
  if (!url && !line.editable && !is_path(text)) {
    TRY_ASSIGN(line.requirement, Requirement::parse(text));
    const auto& target = line.requirement.url;
    if (is_version_controlled(target) && !target.starts_with("git+"))
      return fail(vcs_error(target));
    return {};
  }
  const Split parts = split(text, url);
  line.kind = RequirementLine::Kind::location;
  if (!parts.extras.empty()) {
    TRY_ASSIGN(line.requirement.extras, parse_extras(parts.extras));
  }
  if (!parts.marker.empty()) {
    TRY_ASSIGN(line.requirement.marker, Marker::parse(parts.marker));
  }
  std::string file_name;
  if (is_version_controlled(parts.location)) {
    if (!parts.location.starts_with("git+")) return fail(vcs_error(parts.location));
    line.kind = RequirementLine::Kind::versioned;
    line.location_text = std::string(parts.location);
  } else if (url) {
    TRY_ASSIGN(const auto parsed, url::parse(parts.location));
    line.location_text = std::string(parts.location);
    file_name = parsed.file_name();
  } else {
    TRY_ASSIGN(line.location_text,
               existing_project_path(project, parent_of(line.location.file), parts.location));
    file_name = line.location_text.substr(line.location_text.rfind('/') + 1);
  }
  if (is_wheel_file_name(file_name)) {
    TRY_ASSIGN(auto wheel, WheelName::parse(file_name));
    line.requirement.name = std::move(wheel.name);
  } else if (const auto sdist = SdistName::parse(file_name)) {
    line.requirement.name = sdist->name;
  }
  return {};
}

}  // namespace

bool is_version_controlled(std::string_view text) {
  static constexpr std::array<std::string_view, 4> kPrefixes = {"git+", "hg+", "svn+", "bzr+"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [text](std::string_view prefix) { return text.starts_with(prefix); });
}

Result<RequirementLine> complete_requirement(std::string_view text, RequirementLine line,
                                             const io::Tree& project) {
  if (auto filled = fill(text, line, project); !filled) {
    return fail(std::move(filled).error().at(line.location));
  }
  return line;
}

}  // namespace cogbuild::python
