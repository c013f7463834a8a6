#include "tally.hpp"

#include <cogbuild/check/render.hpp>

#include <fmt/format.h>

#include <iterator>
#include <string_view>

namespace cogbuild::check {
namespace {

void add_part(std::string& out, std::size_t count, std::string_view noun) {
  if (count == 0) return;
  fmt::format_to(std::back_inserter(out), "{}{} {}{}", out.empty() ? "" : ", ", count, noun,
                 count == 1 ? "" : "s");
}

}  // namespace

Tally tally(const Outcome& outcome) {
  Tally out;
  for (const auto& finding : outcome.findings) {
    switch (finding.severity) {
      case Severity::error:
        ++out.errors;
        break;
      case Severity::warning:
        ++out.warnings;
        break;
      case Severity::hint:
        ++out.hints;
        break;
    }
    if (!finding.edits.empty()) ++out.fixable;
  }
  return out;
}

std::string in_words(const Tally& tally) {
  std::string out;
  add_part(out, tally.errors, "error");
  add_part(out, tally.warnings, "warning");
  add_part(out, tally.hints, "hint");
  return out;
}

std::string summary(const Outcome& outcome) {
  const Tally counts = tally(outcome);
  std::string out = outcome.findings.empty() ? "nothing found" : in_words(counts);
  if (counts.fixable > 0)
    fmt::format_to(std::back_inserter(out), "; {} can be fixed by --fix", counts.fixable);
  if (outcome.silenced > 0)
    fmt::format_to(std::back_inserter(out), "; {} silenced", outcome.silenced);
  return out;
}

}  // namespace cogbuild::check
