#include "read_image.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/image/manifest.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>
#include <variant>

namespace cogbuild::pull {

namespace {

constexpr int kMaxIndexDepth = 4;

struct FoundManifest {
  image::Descriptor descriptor{};
  std::string json{};
  image::Manifest manifest{};
};

Result<FoundManifest> find_manifest(image::Descriptor descriptor,
                                    const std::optional<image::Platform>& platform,
                                    Carrier& carrier) {
  for (int depth = 0; depth <= kMaxIndexDepth; ++depth) {
    if (descriptor.size_bytes > kMaxManifestBytes)
      return fail(Error(
          ErrorKind::integrity,
          fmt::format("the manifest {} has {} bytes, more than the limit of {}",
                      to_string(descriptor.digest), descriptor.size_bytes, kMaxManifestBytes)));
    TRY_ASSIGN(std::string json, carrier.manifest(descriptor));
    TRY(verify(json, descriptor, "the manifest"));
    TRY_ASSIGN(auto parsed, image::parse_manifest(json));
    if (auto* manifest = std::get_if<image::Manifest>(&parsed))
      return FoundManifest{std::move(descriptor), std::move(json), std::move(*manifest)};
    if (!platform)
      return fail(
          Error(ErrorKind::unsupported, "an index of several platforms stands for the image"));
    TRY_ASSIGN(descriptor, image::choose(std::get<image::Index>(parsed), *platform));
  }
  return fail(Error(ErrorKind::integrity,
                    fmt::format("indexes are nested more than {} deep", kMaxIndexDepth)));
}

Result<void> check_platform(const image::Platform& actual, const image::Platform& wanted) {
  if (actual.os == wanted.os && actual.architecture == wanted.architecture) return {};
  return fail(Error(ErrorKind::not_found, fmt::format("the image is not there for {}, only for {}",
                                                      to_string(wanted), to_string(actual))));
}

// What the manifest says of itself, for those whose descriptor did not.
std::string media_type(const std::string& manifest_json) {
  const auto json = nlohmann::json::parse(manifest_json, nullptr, false);
  const auto found = json.is_object() ? json.find("mediaType") : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string(image::kManifestType);
}

// What each layer holds, when the history tells of exactly these layers.
std::vector<std::string> created_by(const image::ImageConfig& config, std::size_t layers) {
  std::vector<std::string> steps;
  for (const auto& entry : config.history)
    if (!entry.empty_layer) steps.push_back(entry.created_by);
  if (steps.size() != layers) steps.assign(layers, "");
  return steps;
}

}  // namespace

Result<void> verify(const std::string& content, const image::Descriptor& descriptor,
                    std::string_view what) {
  if (content.size() != descriptor.size_bytes)
    return fail(Error(ErrorKind::integrity, fmt::format("{} {} has {} bytes, expected {}", what,
                                                        to_string(descriptor.digest),
                                                        content.size(), descriptor.size_bytes)));
  const digest::Digest actual = digest::digest_of(content);
  if (actual != descriptor.digest)
    return fail(
        Error(ErrorKind::integrity, fmt::format("{} has digest {}, expected {}", what,
                                                to_string(actual), to_string(descriptor.digest))));
  return {};
}

Result<image::Image> read_image(const image::Descriptor& top,
                                const std::optional<image::Platform>& platform, Carrier& carrier) {
  TRY_ASSIGN(FoundManifest found, find_manifest(top, platform, carrier));
  const image::Manifest& manifest = found.manifest;
  if (manifest.config.media_type != image::kConfigType)
    return fail(Error(
        ErrorKind::unsupported,
        fmt::format("the manifest is no image: its config is `{}`", manifest.config.media_type)));
  if (manifest.config.size_bytes > kMaxConfigBytes)
    return fail(Error(ErrorKind::integrity,
                      fmt::format("the config has {} bytes, more than the limit of {}",
                                  manifest.config.size_bytes, kMaxConfigBytes)));

  image::Image image;
  TRY_ASSIGN(image.config_json, carrier.config(manifest.config));
  TRY(verify(image.config_json, manifest.config, "the config"));
  TRY_ASSIGN(const image::ImageConfig config, image::parse_image_config(image.config_json));
  if (platform) TRY(check_platform(config.platform, *platform));
  if (config.diff_ids.size() != manifest.layers.size())
    return fail(
        Error(ErrorKind::integrity, fmt::format("the config tells of {} layers, the manifest of {}",
                                                config.diff_ids.size(), manifest.layers.size())));

  const auto steps = created_by(config, manifest.layers.size());
  for (std::size_t i = 0; i < manifest.layers.size(); ++i) {
    const image::Descriptor& descriptor = manifest.layers[i];
    TRY_ASSIGN(recipe::Recipe recipe, carrier.layer(descriptor));
    if (recipe.digest != descriptor.digest || recipe.size_bytes != descriptor.size_bytes)
      return fail(
          Error(ErrorKind::integrity,
                fmt::format("layer {} has {} bytes, expected {}", to_string(descriptor.digest),
                            recipe.size_bytes, descriptor.size_bytes)));
    image.layers.push_back({.descriptor = descriptor,
                            .diff_id = config.diff_ids[i],
                            .recipe = std::move(recipe),
                            .created_by = steps[i]});
  }
  image.manifest = std::move(found.descriptor);
  if (image.manifest.media_type.empty()) image.manifest.media_type = media_type(found.json);
  image.manifest.platform = config.platform;
  image.manifest_json = std::move(found.json);
  return image;
}

}  // namespace cogbuild::pull
