#include "strict_json.hpp"

#include <cogbuild/image/image_config.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::image {

namespace {

constexpr std::string_view kWhat = "the image config";
constexpr std::uint64_t kMaxConfigBytes = std::uint64_t{8} * 1024 * 1024;
constexpr std::size_t kMaxDiffIds = 512;
constexpr std::size_t kMaxEnvironment = 4096;
constexpr std::array<std::string_view, 8> kKnownFields{
    "User", "Env", "Entrypoint", "Cmd", "WorkingDir", "ExposedPorts", "Labels", "StopSignal"};

Error malformed(std::string_view why) {
  return Error(ErrorKind::integrity, fmt::format("{} is malformed: {}", kWhat, why));
}

Result<void> read_environment(const Json& execution, ImageConfig& config) {
  TRY_ASSIGN(const auto entries, strings_at(execution, "Env", kWhat));
  if (entries.size() > kMaxEnvironment)
    return fail(malformed(fmt::format("{} entries in `Env`, more than the limit of {}",
                                      entries.size(), kMaxEnvironment)));
  for (const std::string& entry : entries) {
    const auto equals = entry.find('=');
    if (entry.empty() || equals == 0)
      return fail(malformed(fmt::format("`{}` in `Env` has no name", entry.substr(0, 80))));
    // The last of several wins, as in a process's environment that is built in order.
    set_environment(config, entry.substr(0, equals),
                    equals == std::string::npos ? std::string() : entry.substr(equals + 1));
  }
  return {};
}

Result<void> read_execution(const Json& execution, ImageConfig& config) {
  TRY_ASSIGN(config.user, string_at(execution, "User", kWhat));
  TRY(read_environment(execution, config));
  TRY_ASSIGN(config.entrypoint, strings_at(execution, "Entrypoint", kWhat));
  TRY_ASSIGN(config.command, strings_at(execution, "Cmd", kWhat));
  TRY_ASSIGN(config.working_directory, string_at(execution, "WorkingDir", kWhat));
  TRY_ASSIGN(const Json* ports, object_at(execution, "ExposedPorts", kWhat));
  if (ports != nullptr)
    for (const auto& port : ports->items()) config.exposed_ports.push_back(port.key());
  TRY_ASSIGN(config.labels, string_map_at(execution, "Labels", kWhat));
  TRY_ASSIGN(config.stop_signal, string_at(execution, "StopSignal", kWhat));

  OrderedJson others = OrderedJson::object();
  auto& members = others.get_ref<OrderedJson::object_t&>();
  for (const auto& [name, value] : execution.items())
    if (std::ranges::find(kKnownFields, name) == kKnownFields.end())
      members.push_back({name, OrderedJson(value)});
  config.other_config = print(others);
  return {};
}

Result<void> read_history(const Json& document, ImageConfig& config) {
  TRY_ASSIGN(const Json* history, array_at(document, "history", kWhat));
  if (history == nullptr) return {};
  for (const Json& entry : *history) {
    if (!entry.is_object()) return fail(malformed("`history` is not a list of objects"));
    History read;
    TRY_ASSIGN(read.created_by, string_at(entry, "created_by", kWhat));
    TRY_ASSIGN(read.comment, string_at(entry, "comment", kWhat));
    TRY_ASSIGN(read.empty_layer, bool_at(entry, "empty_layer", kWhat));
    config.history.push_back(std::move(read));
  }
  return {};
}

Result<void> read_diff_ids(const Json& document, ImageConfig& config) {
  TRY_ASSIGN(const Json* rootfs, object_at(document, "rootfs", kWhat));
  if (rootfs == nullptr) return fail(malformed("`rootfs` is missing"));
  TRY_ASSIGN(const auto diff_ids, strings_at(*rootfs, "diff_ids", kWhat));
  if (diff_ids.size() > kMaxDiffIds)
    return fail(malformed(
        fmt::format("{} layers, more than the limit of {}", diff_ids.size(), kMaxDiffIds)));
  for (const std::string& text : diff_ids) {
    TRY_ASSIGN(const digest::Digest diff_id, read_digest(text, kWhat));
    config.diff_ids.push_back(diff_id);
  }
  return {};
}

void set_strings(OrderedJson& json, const char* key, const std::vector<std::string>& strings) {
  if (!strings.empty()) json[key] = strings;
}

void set_string(OrderedJson& json, const char* key, const std::string& text) {
  if (!text.empty()) json[key] = text;
}

OrderedJson write_execution(const ImageConfig& config) {
  OrderedJson json = OrderedJson::object();
  set_string(json, "User", config.user);
  if (!config.exposed_ports.empty()) {
    std::vector<std::string> ports = config.exposed_ports;
    std::ranges::sort(ports);
    ports.erase(std::unique(ports.begin(), ports.end()), ports.end());
    auto& members =
        (json["ExposedPorts"] = OrderedJson::object()).get_ref<OrderedJson::object_t&>();
    for (const std::string& port : ports) members.push_back({port, OrderedJson::object()});
  }
  if (!config.environment.empty()) {
    OrderedJson& list = json["Env"] = OrderedJson::array();
    for (const auto& [name, value] : config.environment)
      list.push_back(fmt::format("{}={}", name, value));
  }
  set_strings(json, "Entrypoint", config.entrypoint);
  set_strings(json, "Cmd", config.command);
  set_string(json, "WorkingDir", config.working_directory);
  if (!config.labels.empty()) json["Labels"] = write_string_map(config.labels);
  set_string(json, "StopSignal", config.stop_signal);

  const Json others = Json::parse(config.other_config, nullptr, /*allow_exceptions=*/false);
  if (others.is_object())
    for (const auto& [name, value] : others.items())
      if (std::ranges::find(kKnownFields, name) == kKnownFields.end())
        json[name] = OrderedJson(value);
  return json;
}

}  // namespace

Result<ImageConfig> parse_image_config(std::string_view text) {
  TRY_ASSIGN(const Json document, parse_object(text, kMaxConfigBytes, kWhat));
  ImageConfig config;
  TRY_ASSIGN(config.platform.os, string_at(document, "os", kWhat));
  TRY_ASSIGN(config.platform.architecture, string_at(document, "architecture", kWhat));
  TRY_ASSIGN(config.platform.variant, string_at(document, "variant", kWhat));
  if (config.platform.os.empty() || config.platform.architecture.empty())
    return fail(malformed("`os` or `architecture` is missing"));
  TRY_ASSIGN(config.created, string_at(document, "created", kWhat));
  TRY_ASSIGN(const Json* execution, object_at(document, "config", kWhat));
  if (execution != nullptr) TRY(read_execution(*execution, config));
  TRY(read_diff_ids(document, config));
  TRY(read_history(document, config));
  return config;
}

std::string to_json(const ImageConfig& config) {
  OrderedJson json;
  set_string(json, "created", config.created);
  json["architecture"] = config.platform.architecture;
  json["os"] = config.platform.os;
  set_string(json, "variant", config.platform.variant);
  json["config"] = write_execution(config);
  json["rootfs"]["type"] = "layers";
  OrderedJson& diff_ids = json["rootfs"]["diff_ids"] = OrderedJson::array();
  for (const digest::Digest& diff_id : config.diff_ids) diff_ids.push_back(to_string(diff_id));
  if (!config.history.empty()) {
    OrderedJson& history = json["history"] = OrderedJson::array();
    for (const History& entry : config.history) {
      OrderedJson step = OrderedJson::object();
      set_string(step, "created", config.created);
      set_string(step, "created_by", entry.created_by);
      set_string(step, "comment", entry.comment);
      if (entry.empty_layer) step["empty_layer"] = true;
      history.push_back(std::move(step));
    }
  }
  return print(json);
}

const std::string* find_environment(const ImageConfig& config, std::string_view name) {
  const auto found =
      std::ranges::find(config.environment, name, &std::pair<std::string, std::string>::first);
  return found == config.environment.end() ? nullptr : &found->second;
}

void set_environment(ImageConfig& config, const std::string& name, const std::string& value) {
  const auto found =
      std::ranges::find(config.environment, name, &std::pair<std::string, std::string>::first);
  if (found == config.environment.end())
    config.environment.emplace_back(name, value);
  else
    found->second = value;
}

}  // namespace cogbuild::image
