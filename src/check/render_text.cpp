#include "excerpt.hpp"
#include "tally.hpp"

#include <cogbuild/check/render.hpp>
#include <cogbuild/error/printable.hpp>

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace cogbuild::check {
namespace {

std::string_view color_code(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "31";
    case Severity::warning:
      return "33";
    case Severity::hint:
      return "36";
  }
  return "0";
}

std::string painted(std::string_view text, std::string_view code, bool color) {
  return color ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string place(const SourceLocation& location) {
  const std::string file = printable_path(location.file);
  if (location.line == 0) return fmt::format("{}:", file);
  if (location.column == 0) return fmt::format("{}:{}:", file, location.line);
  return fmt::format("{}:{}:{}:", file, location.line, location.column);
}

void render_finding(const Finding& finding, bool color, std::string& out) {
  constexpr std::string_view kBold = "1";
  fmt::format_to(
      std::back_inserter(out), "{} {} {} [{}]\n", painted(place(finding.location), kBold, color),
      painted(fmt::format("{}:", to_string(finding.severity)), color_code(finding.severity), color),
      printable(finding.message), finding.rule);
  out += excerpt(finding.location);
  if (!finding.fix.empty())
    fmt::format_to(std::back_inserter(out), "  fix: {}\n", printable(finding.fix));
}

}  // namespace

std::string render_text(const Outcome& outcome, bool color) {
  std::string out;
  const std::string* file = nullptr;
  for (const auto& finding : outcome.findings) {
    if (file != nullptr && *file != finding.location.file) out += '\n';
    file = &finding.location.file;
    render_finding(finding, color, out);
  }
  if (!out.empty()) out += '\n';
  return out + summary(outcome) + "\n";
}

}  // namespace cogbuild::check
