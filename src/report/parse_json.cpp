#include "report_schema.hpp"

#include <cogbuild/report/report_json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace cogbuild::report {

namespace {

using nlohmann::json;

// A value with the name by which messages call it: `image.layers[3].digest`.
class Member {
 public:
  Member(const json& value, std::string name) : value_(value), name_(std::move(name)) {}

  // Null where the object lacks it.
  [[nodiscard]] Member operator[](const char* key) const {
    static const json kNull;
    const auto found = value_.is_object() ? value_.find(key) : value_.end();
    return {found == value_.end() ? kNull : *found,
            name_.empty() ? key : fmt::format("{}.{}", name_, key)};
  }
  [[nodiscard]] bool is_null() const { return value_.is_null(); }
  [[nodiscard]] Result<void> expect_object() const {
    if (!value_.is_object()) return fail(wrong("an object"));
    return {};
  }
  [[nodiscard]] Result<std::string> text() const {
    if (!value_.is_string()) return fail(wrong("a string"));
    return value_.get<std::string>();
  }
  [[nodiscard]] Result<std::uint64_t> number() const {
    if (!value_.is_number_unsigned()) return fail(wrong("a whole number"));
    return value_.get<std::uint64_t>();
  }
  [[nodiscard]] Result<digest::Digest> digest() const {
    const auto* string = value_.get_ptr<const std::string*>();
    auto parsed = digest::Digest::parse(string == nullptr ? "" : *string);
    if (!parsed) return fail(wrong("a digest"));
    return *parsed;
  }
  // Every element, read by `read`.
  template <class T>
  [[nodiscard]] Result<std::vector<T>> list(Result<T> (*read)(const Member&)) const {
    if (!value_.is_array()) return fail(wrong("a list"));
    std::vector<T> values;
    values.reserve(value_.size());
    for (std::size_t i = 0; i < value_.size(); ++i) {
      TRY_ASSIGN(auto value, read(Member(value_[i], fmt::format("{}[{}]", name_, i))));
      values.push_back(std::move(value));
    }
    return values;
  }

 private:
  [[nodiscard]] Error wrong(const char* expected) const {
    return {ErrorKind::config, fmt::format("`{}` of the report is not {}", name_, expected)};
  }
  const json& value_;
  std::string name_;
};

Result<std::string> read_text(const Member& member) { return member.text(); }

Result<Item> read_item(const Member& member) {
  Item item;
  TRY_ASSIGN(item.kind, member["kind"].text());
  TRY_ASSIGN(item.name, member["name"].text());
  TRY_ASSIGN(item.version, member["version"].text());
  TRY_ASSIGN(item.unpacked_bytes, member["unpacked_bytes"].number());
  return item;
}

Result<LayerSummary> read_layer(const Member& member) {
  LayerSummary layer;
  TRY_ASSIGN(layer.kind, member["kind"].text());
  TRY_ASSIGN(layer.title, member["title"].text());
  TRY_ASSIGN(layer.media_type, member["media_type"].text());
  TRY_ASSIGN(layer.digest, member["digest"].digest());
  TRY_ASSIGN(layer.diff_id, member["diff_id"].digest());
  TRY_ASSIGN(layer.compressed_bytes, member["compressed_bytes"].number());
  if (const auto unpacked = member["unpacked_bytes"]; !unpacked.is_null()) {
    TRY_ASSIGN(layer.unpacked_bytes, unpacked.number());
  }
  TRY_ASSIGN(layer.origin, member["origin"].text());
  TRY_ASSIGN(layer.items, member["items"].list(read_item));
  return layer;
}

Result<ImageSummary> read_image(const Member& member) {
  TRY(member.expect_object());
  ImageSummary image;
  TRY_ASSIGN(image.name, member["name"].text());
  TRY_ASSIGN(image.digest, member["digest"].digest());
  TRY_ASSIGN(image.manifest_bytes, member["manifest_bytes"].number());
  TRY_ASSIGN(image.layers, member["layers"].list(read_layer));
  return image;
}

Result<Violation> read_violation(const Member& member) {
  Violation violation;
  TRY_ASSIGN(violation.budget, member["budget"].text());
  TRY_ASSIGN(violation.allowed_bytes, member["allowed_bytes"].number());
  TRY_ASSIGN(violation.actual_bytes, member["actual_bytes"].number());
  TRY_ASSIGN(violation.cause, member["cause"].text());
  return violation;
}

Result<void> check_schema(const Member& root) {
  const auto schema = root["schema"].text();
  if (!schema || *schema != kReportSchema)
    return fail(Error(ErrorKind::config, "this is not a cogbuild report")
                    .hint("write one with cogbuild report --format json"));
  TRY_ASSIGN(const std::uint64_t version, root["version"].number());
  if (version != kReportVersion)
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("the report has schema version {}, this cogbuild reads {}",
                                  version, kReportVersion))
                    .hint("write it again with this version of cogbuild"));
  return {};
}

}  // namespace

Result<Report> parse_json(std::string_view text) {
  const auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded())
    return fail(Error(ErrorKind::config, "the report is not valid JSON")
                    .hint("write one with cogbuild report --format json"));
  const Member root(parsed, "");
  TRY(check_schema(root));
  Report report;
  TRY_ASSIGN(report.image, read_image(root["image"]));
  if (const auto compared = root["compared_with"]; !compared.is_null()) {
    TRY_ASSIGN(report.compared, read_image(compared));
  }
  TRY_ASSIGN(report.missing, root["missing"].text());
  TRY_ASSIGN(report.violations, root["violations"].list(read_violation));
  TRY_ASSIGN(report.skipped_budgets, root["skipped_budgets"].list(read_text));
  return report;
}

}  // namespace cogbuild::report
