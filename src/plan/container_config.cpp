#include "container_config.hpp"

#include <cogbuild/plan/cog_version.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cogbuild::plan {

namespace {

void set_environment(const PlanInputs& inputs, image::ImageConfig& config) {
  const auto set = [&config](const std::string& name, const std::string& value) {
    image::set_environment(config, name, value);
  };
  set("DEBIAN_FRONTEND", "noninteractive");
  set("PYTHONUNBUFFERED", "1");
  const std::string* inherited = image::find_environment(config, "LD_LIBRARY_PATH");
  set("LD_LIBRARY_PATH",
      fmt::format("{}:/usr/lib/{}-linux-gnu:/usr/local/nvidia/lib64:/usr/local/nvidia/bin",
                  inherited == nullptr ? "" : *inherited,
                  config.platform.architecture == "arm64" ? "aarch64" : "x86_64"));
  set("NVIDIA_DRIVER_CAPABILITIES", "all");
  for (const auto& [name, value] : inputs.config.environment) set(name, value);
  set("UV_SYSTEM_PYTHON", "true");
  set("CFLAGS", "");
  if (!inputs.config.predict.value.empty())
    set("COG_PREDICT_TYPE_STUB", inputs.config.predict.value);
  if (!inputs.config.train.value.empty()) set("COG_TRAIN_TYPE_STUB", inputs.config.train.value);
  if (inputs.config.concurrency_max.value_or(0) >= 1)
    set("COG_MAX_CONCURRENCY", fmt::format("{}", *inputs.config.concurrency_max));
}

void set_labels(const PlanInputs& inputs, const PlanOptions& options, image::ImageConfig& config) {
  auto& labels = config.labels;
  labels["run.cog.version"] = kCogVersion;
  labels["run.cog.config"] = config::to_label_json(inputs.config);
  labels["run.cog.openapi_schema"] = options.openapi_schema.value_or("");
  labels["run.cog.pip_freeze"] = pip_freeze(inputs.lock, inputs.base.summary);
  labels["run.cog.has_init"] = "true";
  if (!options.base_name.empty()) labels["run.cog.cog-base-image-name"] = options.base_name;
  if (const auto count = inputs.base_layers; count > 0) {
    labels["run.cog.cog-base-image-last-layer-sha"] =
        to_string(inputs.base.config.diff_ids[count - 1]);
    labels["run.cog.cog-base-image-last-layer-idx"] = fmt::format("{}", count - 1);
  }
  for (const auto& [name, value] : options.extra_labels) labels[name] = value;
}

}  // namespace

std::string rfc3339(std::int64_t seconds) {
  // Proleptic Gregorian calendar by arithmetic alone, free of time zones and of the C library's
  // state.
  const std::int64_t days = (seconds >= 0 ? seconds : seconds - 86399) / 86400;
  const std::int64_t rest = seconds - days * 86400;
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
  const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", year, month, day, rest / 3600,
                     rest / 60 % 60, rest % 60);
}

image::ImageConfig container_config(const PlanInputs& inputs, const PlanOptions& options) {
  image::ImageConfig config = inputs.base.config;
  config.diff_ids.clear();
  config.history.clear();
  config.created = rfc3339(options.mtime_seconds);
  config.entrypoint = {"/sbin/tini", "--"};
  config.command = {"python", "-m", "cog.server.http"};
  config.working_directory = "/src";
  if (std::ranges::find(config.exposed_ports, "5000/tcp") == config.exposed_ports.end()) {
    config.exposed_ports.emplace_back("5000/tcp");
    std::ranges::sort(config.exposed_ports);
  }
  set_environment(inputs, config);
  set_labels(inputs, options, config);
  return config;
}

}  // namespace cogbuild::plan
