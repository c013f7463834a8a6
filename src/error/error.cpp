#include <cogbuild/error/error.hpp>
#include <cogbuild/error/printable.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace cogbuild {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
    case ErrorKind::config:
      return 2;
    case ErrorKind::lock_outdated:
      return 3;
    case ErrorKind::budget:
      return 4;
    case ErrorKind::unsatisfiable:
    case ErrorKind::io:
    case ErrorKind::network:
    case ErrorKind::auth:
    case ErrorKind::not_found:
    case ErrorKind::integrity:
    case ErrorKind::conflict:
    case ErrorKind::unsupported:
      return 1;
  }
  return 1;
}

namespace {

void render_location(const SourceLocation& location, std::string& out) {
  out += printable_path(location.file);
  if (location.line > 0) fmt::format_to(std::back_inserter(out), ":{}", location.line);
  if (location.line > 0 && location.column > 0)
    fmt::format_to(std::back_inserter(out), ":{}", location.column);
  out += ": ";
}

// Stars for the password of `scheme://user:password@host`, as many as it has bytes.
std::string without_passwords(std::string line) {
  for (auto at = line.find("://"); at != std::string::npos; at = line.find("://", at)) {
    at += 3;
    const auto authority = std::min(line.find_first_of("/ \t\"'", at), line.size());
    const auto login = std::string_view(line).substr(at, authority - at).rfind('@');
    const auto colon = line.find(':', at);
    if (login == std::string_view::npos || colon >= at + login) continue;
    std::fill(line.begin() + static_cast<std::ptrdiff_t>(colon + 1),
              line.begin() + static_cast<std::ptrdiff_t>(at + login), '*');
  }
  return line;
}

void render_excerpt(const SourceLocation& location, std::string& out) {
  if (location.line == 0 || location.line_text.empty()) return;
  const std::string number = fmt::format("{}", location.line);
  fmt::format_to(std::back_inserter(out), "  {} | {}\n", number,
                 printable(without_passwords(location.line_text)));
  if (location.column == 0) return;
  // Tabs stay tabs, so that the caret stands below its character in any terminal.
  std::string indent;
  for (std::size_t i = 0; i + 1 < location.column && i < location.line_text.size(); ++i)
    indent += location.line_text[i] == '\t' ? '\t' : ' ';
  fmt::format_to(std::back_inserter(out), "  {} | {}^\n", std::string(number.size(), ' '), indent);
}

}  // namespace

std::string render(const Error& error) {
  std::string out;
  if (error.location()) render_location(*error.location(), out);
  fmt::format_to(std::back_inserter(out), "error: {}\n", printable_lines(error.message()));
  if (error.location()) render_excerpt(*error.location(), out);
  for (const auto& line : error.story())
    fmt::format_to(std::back_inserter(out), "  {}\n", printable_path(line));
  for (const auto& step : error.steps())
    fmt::format_to(std::back_inserter(out), "  while {}\n", printable(step));
  for (const auto& hint : error.hints())
    fmt::format_to(std::back_inserter(out), "hint: {}\n", printable_lines(hint));
  for (const auto& other : error.others()) out += render(other);
  return out;
}

}  // namespace cogbuild
