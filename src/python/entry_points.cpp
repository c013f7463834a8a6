#include "ascii.hpp"

#include <cogbuild/python/entry_points.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace cogbuild::python {
namespace {

bool is_identifier_character(char c) {
  // Bytes of a non-ASCII identifier pass: Python itself judges those.
  return is_alnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// `pkg.cli`, `App.main`: dotted identifiers, nothing that could end the generated line early.
bool is_dotted_name(std::string_view text) {
  bool at_start = true;
  for (const char c : text) {
    if (c == '.' ? at_start : !is_identifier_character(c) || (at_start && is_digit(c)))
      return false;
    at_start = c == '.';
  }
  return !at_start;
}

bool is_script_name(std::string_view name) {
  if (name.empty() || name == "." || name == "..") return false;
  return std::none_of(name.begin(), name.end(), [](char c) {
    return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
}

Result<EntryPoint> parse_line(std::string_view line, bool gui) {
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) {
    return fail(
        Error(ErrorKind::config, fmt::format("`{}` is not `name = module:attribute`", line)));
  }
  EntryPoint entry{.name = std::string(trim(line.substr(0, equals))), .gui = gui};
  std::string_view value = trim(line.substr(equals + 1));
  value = trim(value.substr(0, value.find('[')));  // extras mean nothing once installed
  const auto colon = value.find(':');
  if (colon == std::string_view::npos) {
    return fail(Error(ErrorKind::config, fmt::format("`{}` names no function after `:`", line)));
  }
  entry.module = std::string(trim(value.substr(0, colon)));
  entry.attribute = std::string(trim(value.substr(colon + 1)));
  if (!is_script_name(entry.name)) {
    return fail(Error(ErrorKind::config, fmt::format("`{}` cannot name a script", entry.name)));
  }
  if (!is_dotted_name(entry.module) || !is_dotted_name(entry.attribute)) {
    return fail(Error(ErrorKind::config, fmt::format("`{}` is not `module:attribute`", value)));
  }
  return entry;
}

}  // namespace

Result<std::vector<EntryPoint>> parse_entry_points(std::string_view text) {
  std::vector<EntryPoint> entries;
  std::set<std::string> names;
  std::string_view group;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']') {
        return fail(Error(ErrorKind::config, fmt::format("`{}` is not a group", line)));
      }
      group = trim(line.substr(1, line.size() - 2));
      continue;
    }
    if (group != "console_scripts" && group != "gui_scripts") continue;
    auto entry = parse_line(line, group == "gui_scripts");
    if (!entry) return fail(std::move(entry).error().during("reading entry_points.txt"));
    if (!names.insert(entry->name).second) {
      return fail(
          Error(ErrorKind::config, fmt::format("script `{}` is declared twice", entry->name))
              .during("reading entry_points.txt"));
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

}  // namespace cogbuild::python
