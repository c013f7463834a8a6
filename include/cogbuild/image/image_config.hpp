#pragma once

#include <cogbuild/image/descriptor.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cogbuild::image {

struct History {
  std::string created_by{};
  std::string comment{};
  bool empty_layer = false;
  friend bool operator==(const History&, const History&) = default;
};

// image-spec config.md. What cogbuild neither reads nor sets (Healthcheck, Shell, OnBuild, Volumes,
// …) is kept verbatim in `other_config`, a JSON object text, so that a base's fields survive.
struct ImageConfig {
  Platform platform{};
  std::string created{};  // RFC 3339
  std::string user{};
  std::vector<std::pair<std::string, std::string>> environment{};  // order kept, keys unique
  std::vector<std::string> entrypoint{};
  std::vector<std::string> command{};
  std::string working_directory{};
  std::vector<std::string> exposed_ports{};  // `5000/tcp`, sorted
  std::map<std::string, std::string> labels{};
  std::string stop_signal{};
  std::string other_config = "{}";
  std::vector<digest::Digest> diff_ids{};
  std::vector<History> history{};
  friend bool operator==(const ImageConfig&, const ImageConfig&) = default;
};

Result<ImageConfig> parse_image_config(std::string_view json);
std::string to_json(const ImageConfig& config);

// The value of an environment variable, nullptr when unset.
const std::string* find_environment(const ImageConfig& config, std::string_view name);
// Sets it in place when present, else appends.
void set_environment(ImageConfig& config, const std::string& name, const std::string& value);

}  // namespace cogbuild::image
