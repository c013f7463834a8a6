#include "excerpt.hpp"
#include "tally.hpp"

#include <cogbuild/check/render.hpp>

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace cogbuild::check {
namespace {

// What GitHub shows of one step; further annotations of a kind would be dropped without a word.
constexpr std::size_t kMostOfASeverity = 10;

std::string_view command(Severity severity) {
  return severity == Severity::hint ? "notice" : to_string(severity);
}

// Escapes of a workflow command's text; `in_property`: also what ends a property.
std::string escaped(std::string_view text, bool in_property) {
  std::string out;
  for (const char c : text) {
    if (c == '%')
      out += "%25";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else if (in_property && c == ':')
      out += "%3A";
    else if (in_property && c == ',')
      out += "%2C";
    else
      out += c;
  }
  return out;
}

void render_annotation(const Finding& finding, std::string_view directory, std::string& out) {
  const auto& location = finding.location;
  const std::string file =
      directory.empty() ? location.file : fmt::format("{}/{}", directory, location.file);
  fmt::format_to(std::back_inserter(out), "::{} file={}", command(finding.severity),
                 escaped(file, true));
  if (location.line > 0) fmt::format_to(std::back_inserter(out), ",line={}", location.line);
  if (const auto column = character_column(location); column && location.line > 0)
    fmt::format_to(std::back_inserter(out), ",col={}", *column);
  std::string text = finding.message;
  if (!finding.fix.empty()) text += "\nfix: " + finding.fix;
  fmt::format_to(std::back_inserter(out), ",title={}::{}\n", escaped(finding.rule, true),
                 escaped(text, false));
}

}  // namespace

std::string render_github(const Outcome& outcome, std::string_view directory) {
  std::string out;
  Tally shown;
  Tally left_out;
  const auto count_of = [](Tally& counts, Severity severity) -> std::size_t& {
    return severity == Severity::error     ? counts.errors
           : severity == Severity::warning ? counts.warnings
                                           : counts.hints;
  };
  for (const auto& finding : outcome.findings) {
    if (count_of(shown, finding.severity) == kMostOfASeverity) {
      ++count_of(left_out, finding.severity);
      continue;
    }
    ++count_of(shown, finding.severity);
    render_annotation(finding, directory, out);
  }
  out += "cogbuild check: " + summary(outcome);
  if (const auto more = in_words(left_out); !more.empty())
    fmt::format_to(std::back_inserter(out), "; {} not shown, `cogbuild check` lists them", more);
  return out + "\n";
}

}  // namespace cogbuild::check
