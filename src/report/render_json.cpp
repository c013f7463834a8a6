#include "outline.hpp"
#include "report_schema.hpp"

#include <cogbuild/report/compare.hpp>
#include <cogbuild/report/duplicates.hpp>
#include <cogbuild/report/report_json.hpp>
#include <cogbuild/report/totals.hpp>

#include <nlohmann/json.hpp>

namespace cogbuild::report {

namespace {

using Json = nlohmann::ordered_json;

Json to_json(const Item& item) {
  return {{"kind", item.kind},
          {"name", item.name},
          {"version", item.version},
          {"unpacked_bytes", item.unpacked_bytes}};
}

Json to_json(const LayerSummary& layer) {
  Json items = Json::array();
  for (const auto& item : layer.items) items.push_back(to_json(item));
  return {{"kind", layer.kind},
          {"title", layer.title},
          {"media_type", layer.media_type},
          {"digest", to_string(layer.digest)},
          {"diff_id", to_string(layer.diff_id)},
          {"compressed_bytes", layer.compressed_bytes},
          {"unpacked_bytes", layer.unpacked_bytes ? Json(*layer.unpacked_bytes) : Json()},
          {"origin", layer.origin},
          {"items", std::move(items)}};
}

Json to_json(const ImageSummary& image) {
  Json layers = Json::array();
  for (const auto& layer : image.layers) layers.push_back(to_json(layer));
  return {{"name", image.name},
          {"digest", to_string(image.digest)},
          {"manifest_bytes", image.manifest_bytes},
          {"layers", std::move(layers)}};
}

Json to_json(const Totals& totals) {
  return {{"layers", totals.layers},
          {"pull_bytes", totals.pull_bytes},
          {"compressed_bytes", totals.compressed_bytes},
          {"unpacked_bytes", totals.unpacked_bytes},
          {"all_unpacked_known", totals.all_unpacked_known},
          {"compressed_bytes_by_kind", totals.compressed_by_kind}};
}

Json to_json(const LargeThing& thing) {
  Json json = to_json(thing.item);
  json["layer"] = thing.layer;
  return json;
}

Json to_json(const Duplicate& duplicate) {
  return {{"kind", duplicate.kind},
          {"name", duplicate.name},
          {"layers", duplicate.layers},
          {"wasted_bytes", duplicate.wasted_bytes}};
}

Json to_json(const ItemChange& change) {
  return {{"change", to_string(change.change)},
          {"kind", change.kind},
          {"name", change.name},
          {"before_version", change.before_version},
          {"after_version", change.after_version},
          {"before_bytes", change.before_bytes},
          {"after_bytes", change.after_bytes}};
}

Json to_json(const Comparison& comparison) {
  Json layers = Json::array();
  for (const auto& layer : comparison.layers)
    layers.push_back({{"change", to_string(layer.change)},
                      {"before_bytes", layer.before_bytes},
                      {"after_bytes", layer.after_bytes}});
  Json removed = Json::array();
  for (const auto& layer : comparison.removed_layers)
    removed.push_back({{"kind", layer.kind},
                       {"title", layer.title},
                       {"digest", to_string(layer.digest)},
                       {"compressed_bytes", layer.compressed_bytes}});
  Json items = Json::array();
  for (const auto& item : comparison.items) items.push_back(to_json(item));
  return {{"before_pull_bytes", comparison.before_pull_bytes},
          {"after_pull_bytes", comparison.after_pull_bytes},
          {"transfer_bytes", comparison.transfer_bytes},
          {"layers", std::move(layers)},
          {"removed_layers", std::move(removed)},
          {"items", std::move(items)}};
}

Json to_json(const Violation& violation) {
  return {{"budget", violation.budget},
          {"allowed_bytes", violation.allowed_bytes},
          {"actual_bytes", violation.actual_bytes},
          {"cause", violation.cause}};
}

template <class Values>
Json to_array(const Values& values) {
  Json array = Json::array();
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}

}  // namespace

std::string render_json(const Report& report) {
  const auto computed = outline(report);
  const Json json{
      {"schema", kReportSchema},
      {"version", kReportVersion},
      {"image", to_json(report.image)},
      {"compared_with", report.compared ? to_json(*report.compared) : Json()},
      {"missing", report.missing},
      {"violations", to_array(report.violations)},
      {"skipped_budgets", report.skipped_budgets},
      {"totals", to_json(computed.totals)},
      {"largest", to_array(computed.largest)},
      {"duplicates", to_array(computed.duplicates)},
      {"comparison", computed.comparison ? to_json(*computed.comparison) : Json()},
  };
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace cogbuild::report
