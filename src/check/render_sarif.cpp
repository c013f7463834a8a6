#include "excerpt.hpp"

#include <cogbuild/check/render.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::check {
namespace {

using nlohmann::ordered_json;

std::string_view level(Severity severity) {
  return severity == Severity::hint ? "note" : to_string(severity);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

// A path as the path of a URI (RFC 3986).
std::string as_uri(std::string_view path) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    if (is_unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 0xfU];
  }
  return out;
}

class SarifWriter {
 public:
  SarifWriter(const Outcome& outcome, std::string_view directory)
      : outcome_(outcome), directory_(directory) {
    for (const auto& rule : rules())
      if (std::any_of(outcome.findings.begin(), outcome.findings.end(),
                      [&](const Finding& finding) { return finding.rule == rule.id; }))
        rules_.push_back(&rule);
  }

  [[nodiscard]] ordered_json rules_found() const {
    ordered_json out = ordered_json::array();
    for (const Rule* rule : rules_)
      out.push_back({{"id", rule->id},
                     {"shortDescription", {{"text", rule->summary}}},
                     {"fullDescription", {{"text", rule->why}}},
                     {"help", {{"text", explain(*rule)}}},
                     {"defaultConfiguration",
                      {{"enabled", rule->on_by_default}, {"level", level(rule->severity)}}}});
    return out;
  }

  [[nodiscard]] ordered_json results() const {
    ordered_json out = ordered_json::array();
    for (const auto& finding : outcome_.findings) out.push_back(result(finding));
    return out;
  }

 private:
  [[nodiscard]] ordered_json artifact(const std::string& file) const {
    return {{"uri", as_uri(directory_.empty() ? file : directory_ + "/" + file)},
            {"uriBaseId", "%SRCROOT%"}};
  }

  [[nodiscard]] ordered_json place(const SourceLocation& location) const {
    ordered_json physical = {{"artifactLocation", artifact(location.file)}};
    if (location.line > 0) {
      physical["region"] = {{"startLine", location.line}};
      if (const auto column = character_column(location))
        physical["region"]["startColumn"] = *column;
    }
    return {{"physicalLocation", std::move(physical)}};
  }

  [[nodiscard]] ordered_json fix(const Finding& finding) const {
    ordered_json changes = ordered_json::array();
    for (const auto& edit : finding.edits)
      changes.push_back(
          {{"artifactLocation", artifact(edit.file)},
           {"replacements", ordered_json::array({{{"deletedRegion",
                                                   {{"byteOffset", edit.begin},
                                                    {"byteLength", edit.end - edit.begin}}},
                                                  {"insertedContent", {{"text", edit.text}}}}})}});
    return {{"description", {{"text", finding.fix}}}, {"artifactChanges", std::move(changes)}};
  }

  [[nodiscard]] ordered_json result(const Finding& finding) const {
    const auto rule = std::find_if(rules_.begin(), rules_.end(),
                                   [&](const Rule* item) { return item->id == finding.rule; });
    std::string text = finding.message;
    if (!finding.fix.empty()) text += "\nfix: " + finding.fix;
    ordered_json out = {{"ruleId", finding.rule},
                        {"ruleIndex", rule - rules_.begin()},
                        {"level", level(finding.severity)},
                        {"message", {{"text", std::move(text)}}},
                        {"locations", ordered_json::array({place(finding.location)})}};
    if (rule == rules_.end()) out.erase("ruleIndex");
    if (!finding.edits.empty()) out["fixes"] = ordered_json::array({fix(finding)});
    return out;
  }

  const Outcome& outcome_;
  std::string directory_;
  std::vector<const Rule*> rules_{};
};

}  // namespace

std::string render_sarif(const Outcome& outcome, std::string_view cogbuild_version,
                         std::string_view directory) {
  const SarifWriter writer(outcome, directory);
  const ordered_json driver = {
      {"name", "cogbuild"}, {"version", cogbuild_version}, {"rules", writer.rules_found()}};
  const ordered_json run = {{"tool", {{"driver", driver}}},
                            {"columnKind", "unicodeCodePoints"},
                            {"results", writer.results()}};
  const ordered_json document = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                                 {"version", "2.1.0"},
                                 {"runs", ordered_json::array({run})}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cogbuild::check
