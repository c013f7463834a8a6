#include <cogbuild/config/config.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string_view>

namespace cogbuild::config {

namespace {

using Json = nlohmann::ordered_json;

void add(Json& object, const char* key, const std::string& value) {
  if (!value.empty()) object[key] = value;
}

void add(Json& object, const char* key, const std::vector<Located<std::string>>& values) {
  for (const auto& value : values) object[key].push_back(*value);
}

void add(Json& object, const char* key, const std::vector<std::string>& values) {
  for (const auto& value : values) object[key].push_back(value);
}

Json run_step_json(const RunStep& step) {
  Json json = Json::object();
  add(json, "command", step.command);
  for (const auto& mount : step.mounts) {
    Json item = Json::object();
    add(item, "type", mount.type);
    add(item, "id", mount.id);
    add(item, "target", mount.target);
    json["mounts"].push_back(std::move(item));
  }
  return json;
}

Json build_json(const Config& config) {
  Json json = Json::object();
  if (config.gpu) json["gpu"] = true;
  add(json, "python_version", *config.python_version);
  add(json, "python_requirements", *config.python_requirements);
  add(json, "python_packages", config.python_packages);
  for (const auto& step : config.run_steps) json["run"].push_back(run_step_json(*step));
  add(json, "system_packages", config.system_packages);
  add(json, "pre_install", config.pre_install);
  add(json, "cuda", *config.cuda);
  add(json, "cudnn", *config.cudnn);
  add(json, "sdk_version", *config.sdk_version);
  return json;
}

Json weight_json(const Weight& weight) {
  Json sources = Json::array();
  for (const auto& source : weight.sources) {
    Json item = Json::object();
    add(item, "uri", source.uri);
    add(item, "include", source.include);
    add(item, "exclude", source.exclude);
    sources.push_back(std::move(item));
  }
  Json json = Json::object();
  add(json, "name", *weight.name);
  add(json, "target", weight.target);
  if (sources.size() == 1)
    json["source"] = sources.front();
  else if (!sources.empty())
    json["source"] = std::move(sources);
  return json;
}

// Go's encoding/json escapes what could end a script element. In JSON text these characters stand
// in strings alone, so that they can be replaced afterwards.
std::string escape_like_go(std::string_view json) {
  constexpr std::string_view kLineSeparators = "\xe2\x80";  // then a8: U+2028, a9: U+2029
  std::string out;
  out.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
    } else if (json.substr(i).starts_with(kLineSeparators) && i + 2 < json.size() &&
               (json[i + 2] == '\xa8' || json[i + 2] == '\xa9')) {
      out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string to_label_json(const Config& config) {
  Json json = Json::object();
  json["build"] = build_json(config);
  add(json, "image", *config.image);
  add(json, "model", *config.model);
  add(json, "predict", *config.predict);
  add(json, "train", *config.train);
  if (config.concurrency_max && *config.concurrency_max != 0)
    json["concurrency"]["max"] = *config.concurrency_max;
  for (const auto& [name, value] : config.environment)
    json["environment"].push_back(name + "=" + value);
  for (const auto& weight : config.weights) json["weights"].push_back(weight_json(weight));
  return escape_like_go(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace cogbuild::config
