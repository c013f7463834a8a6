#include "listed_requirements.hpp"

#include "source_offset.hpp"

#include <cogbuild/python/marker.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace cogbuild::check {
namespace {

python::MarkerEnvironment image_environment(const Subject& subject) {
  std::string version = subject.config ? *subject.config->python_version : "";
  if (version.empty()) version = "3.11";
  const auto first = version.find('.');
  const auto second = first == std::string::npos ? first : version.find('.', first + 1);
  python::MarkerEnvironment environment;
  environment.platform_machine = "x86_64";
  environment.python_version = version.substr(0, second);
  environment.python_full_version = second == std::string::npos ? version + ".0" : version;
  environment.implementation_version = environment.python_full_version;
  return environment;
}

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

// The run of characters of a name at or behind `from`, quotes passed over.
std::string_view name_at(std::string_view text, std::size_t from, std::size_t& begin) {
  begin = std::min(from, text.size());
  while (begin < text.size() && (text[begin] == '"' || text[begin] == '\'' || text[begin] == ' '))
    ++begin;
  auto end = begin;
  while (end < text.size() && is_name_character(text[end])) ++end;
  return text.substr(begin, end - begin);
}

std::size_t column_offset(const SourceLocation& location) {
  return location.column == 0 ? 0 : location.column - 1;
}

}  // namespace

std::vector<ListedRequirement> listed_requirements(const Subject& subject) {
  std::vector<ListedRequirement> out;
  if (!subject.requirements) return out;
  const auto environment = image_environment(subject);
  for (const auto& line : subject.requirements->requirements) {
    if (line.requirement.name.empty() || !line.requirement.applies(environment)) continue;
    std::size_t begin = 0;
    const auto written = name_at(line.location.line_text, column_offset(line.location), begin);
    const bool same = python::normalize_name(written) == line.requirement.name.value();
    out.push_back(
        {.line = &line, .written = same ? std::string(written) : line.requirement.name.value()});
  }
  return out;
}

bool lists(const std::vector<ListedRequirement>& listed, std::string_view name) {
  return std::ranges::any_of(listed, [name](const auto& one) { return one.name() == name; });
}

std::string text_of(const ListedRequirement& listed) {
  const auto& requirement = listed.requirement();
  const auto extras = requirement.extras.empty()
                          ? std::string()
                          : fmt::format("[{}]", fmt::join(requirement.extras, ","));
  return listed.written + extras + python::to_string(requirement.specifiers);
}

bool has_python_lock(const Subject& subject) {
  return subject.tree != nullptr && subject.tree->stat("pylock.toml").has_value();
}

SourceLocation location_of(const ListedRequirement& listed) {
  auto location = listed.line->location;
  std::size_t begin = 0;
  const auto written = name_at(location.line_text, column_offset(location), begin);
  if (written == listed.written) location.column = begin + 1;
  return location;
}

std::string_view text_of_file(const Subject& subject, std::string_view file) {
  if (file == subject.config_file) return subject.config_text;
  if (subject.requirements)
    for (const auto& [path, text] : subject.requirements->files)
      if (path == file) return text;
  return {};
}

std::optional<std::size_t> offset_of(const Subject& subject, const ListedRequirement& listed) {
  const auto location = location_of(listed);
  const auto text = text_of_file(subject, location.file);
  const auto offset = offset_of(text, location);
  if (!offset || !text.substr(*offset).starts_with(listed.written)) return std::nullopt;
  return offset;
}

}  // namespace cogbuild::check
