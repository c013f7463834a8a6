#include "tally.hpp"

#include <cogbuild/check/render.hpp>

#include <nlohmann/json.hpp>

#include <utility>

namespace cogbuild::check {
namespace {

using nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

ordered_json number_or_null(std::size_t number) {
  return number == 0 ? ordered_json(nullptr) : ordered_json(number);
}

ordered_json to_json(const Finding& finding) {
  ordered_json edits = ordered_json::array();
  for (const auto& edit : finding.edits)
    edits.push_back(
        {{"file", edit.file}, {"begin", edit.begin}, {"end", edit.end}, {"text", edit.text}});
  return {{"rule", finding.rule},
          {"severity", to_string(finding.severity)},
          {"file", finding.location.file},
          {"line", number_or_null(finding.location.line)},
          {"column", number_or_null(finding.location.column)},
          {"message", finding.message},
          {"fix", finding.fix},
          {"edits", std::move(edits)}};
}

}  // namespace

std::string render_json(const Outcome& outcome) {
  const Tally counts = tally(outcome);
  ordered_json document = {{"schema", "cogbuild.check"},
                           {"version", kSchemaVersion},
                           {"summary",
                            {{"errors", counts.errors},
                             {"warnings", counts.warnings},
                             {"hints", counts.hints},
                             {"fixable", counts.fixable},
                             {"silenced", outcome.silenced},
                             {"files", outcome.files}}},
                           {"findings", ordered_json::array()}};
  for (const auto& finding : outcome.findings) document["findings"].push_back(to_json(finding));
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cogbuild::check
