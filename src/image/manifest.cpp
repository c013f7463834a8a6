#include "strict_json.hpp"

#include <cogbuild/image/manifest.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace cogbuild::image {

namespace {

constexpr std::uint64_t kMaxManifestBytes = std::uint64_t{4} * 1024 * 1024;
constexpr std::size_t kMaxLayers = 512;
constexpr std::size_t kMaxManifests = 4096;
constexpr std::string_view kDockerConfigType = "application/vnd.docker.container.image.v1+json";

bool is_index_type(std::string_view media_type) {
  return media_type == kIndexType || media_type == kDockerIndexType;
}

bool is_manifest_type(std::string_view media_type) {
  return media_type == kManifestType || media_type == kDockerManifestType;
}

Error malformed(std::string_view what, std::string_view why) {
  return Error(ErrorKind::integrity, fmt::format("{} is malformed: {}", what, why));
}

Result<Manifest> read_manifest(const Json& document) {
  constexpr std::string_view kWhat = "the manifest";
  Manifest manifest;
  TRY_ASSIGN(const Json* config, object_at(document, "config", kWhat));
  if (config == nullptr) return fail(malformed(kWhat, "`config` is missing"));
  TRY_ASSIGN(manifest.config, read_descriptor(*config, kWhat));
  if (manifest.config.media_type == kDockerConfigType) manifest.config.media_type = kConfigType;

  TRY_ASSIGN(const Json* layers, array_at(document, "layers", kWhat));
  if (layers == nullptr) return fail(malformed(kWhat, "`layers` is missing"));
  if (layers->size() > kMaxLayers)
    return fail(malformed(
        kWhat, fmt::format("{} layers, more than the limit of {}", layers->size(), kMaxLayers)));
  for (const Json& layer : *layers) {
    TRY_ASSIGN(Descriptor descriptor, read_descriptor(layer, kWhat));
    descriptor.media_type = oci_layer_type(descriptor.media_type);
    manifest.layers.push_back(std::move(descriptor));
  }
  TRY_ASSIGN(manifest.annotations, string_map_at(document, "annotations", kWhat));
  return manifest;
}

Result<Index> read_index(const Json& document) {
  constexpr std::string_view kWhat = "the index";
  Index index;
  TRY_ASSIGN(const Json* manifests, array_at(document, "manifests", kWhat));
  if (manifests == nullptr) return fail(malformed(kWhat, "`manifests` is missing"));
  if (manifests->size() > kMaxManifests)
    return fail(malformed(kWhat, fmt::format("{} manifests, more than the limit of {}",
                                             manifests->size(), kMaxManifests)));
  for (const Json& entry : *manifests) {
    TRY_ASSIGN(Descriptor descriptor, read_descriptor(entry, kWhat));
    index.manifests.push_back(std::move(descriptor));
  }
  TRY_ASSIGN(index.annotations, string_map_at(document, "annotations", kWhat));
  return index;
}

// The variant that an architecture has when none is written.
std::string_view effective_variant(const Platform& platform) {
  if (!platform.variant.empty()) return platform.variant;
  if (platform.architecture == "arm64") return "v8";
  if (platform.architecture == "amd64") return "v1";
  return {};
}

}  // namespace

Result<std::variant<Manifest, Index>> parse_manifest(std::string_view json) {
  constexpr std::string_view kWhat = "the manifest";
  TRY_ASSIGN(const Json document, parse_object(json, kMaxManifestBytes, kWhat));

  const auto version = document.find("schemaVersion");
  if (version == document.end() || !version->is_number_integer())
    return fail(malformed(kWhat, "`schemaVersion` is not a number"));
  if (*version == 1)
    return fail(
        Error(ErrorKind::unsupported, "the manifest has Docker's schema 1, which is not supported")
            .hint("push the image again with a current tool"));
  if (*version != 2)
    return fail(
        Error(ErrorKind::unsupported,
              fmt::format("the manifest has `schemaVersion` {}, expected 2", version->dump())));
  // A document that reads as both could mean one thing to us and another to the next reader.
  if (document.contains("manifests") &&
      (document.contains("layers") || document.contains("config")))
    return fail(malformed(kWhat, "it holds both `manifests` and `layers`"));

  TRY_ASSIGN(const std::string media_type, string_at(document, "mediaType", kWhat));
  if (!media_type.empty() && !is_index_type(media_type) && !is_manifest_type(media_type))
    return fail(Error(ErrorKind::unsupported,
                      fmt::format("manifests of type `{}` are not supported", media_type)));
  const bool is_index = document.contains("manifests");
  if (!media_type.empty() && is_index != is_index_type(media_type))
    return fail(malformed(kWhat, fmt::format("its content is not `{}`", media_type)));

  if (is_index) {
    TRY_ASSIGN(Index index, read_index(document));
    return std::variant<Manifest, Index>(std::move(index));
  }
  TRY_ASSIGN(Manifest manifest, read_manifest(document));
  return std::variant<Manifest, Index>(std::move(manifest));
}

std::string to_json(const Manifest& manifest) {
  OrderedJson json;
  json["schemaVersion"] = 2;
  json["mediaType"] = kManifestType;
  json["config"] = write_descriptor(manifest.config);
  json["layers"] = OrderedJson::array();
  for (const Descriptor& layer : manifest.layers) json["layers"].push_back(write_descriptor(layer));
  if (!manifest.annotations.empty()) json["annotations"] = write_string_map(manifest.annotations);
  return print(json);
}

std::string to_json(const Index& index) {
  OrderedJson json;
  json["schemaVersion"] = 2;
  json["mediaType"] = kIndexType;
  json["manifests"] = OrderedJson::array();
  for (const Descriptor& entry : index.manifests)
    json["manifests"].push_back(write_descriptor(entry));
  if (!index.annotations.empty()) json["annotations"] = write_string_map(index.annotations);
  return print(json);
}

Result<Descriptor> choose(const Index& index, const Platform& platform) {
  std::vector<const Descriptor*> usable;
  for (const Descriptor& entry : index.manifests)
    if (is_index_type(entry.media_type) || is_manifest_type(entry.media_type))
      usable.push_back(&entry);

  const auto same_machine = [&](const Descriptor* entry) {
    return entry->platform && entry->platform->os == platform.os &&
           entry->platform->architecture == platform.architecture;
  };
  for (const Descriptor* entry : usable)
    if (same_machine(entry) && effective_variant(*entry->platform) == effective_variant(platform))
      return *entry;
  // Asked for no variant in particular: any is better than none.
  if (platform.variant.empty())
    for (const Descriptor* entry : usable)
      if (same_machine(entry)) return *entry;
  // An index around one manifest need not name its platform.
  if (usable.size() == 1 && !usable.front()->platform) return *usable.front();

  std::vector<std::string> offered;
  for (const Descriptor* entry : usable) {
    if (!entry->platform || entry->platform->os == "unknown") continue;
    std::string name = to_string(*entry->platform);
    if (std::ranges::find(offered, name) == offered.end()) offered.push_back(std::move(name));
  }
  return fail(Error(ErrorKind::not_found,
                    offered.empty()
                        ? fmt::format("the image is not there for {}", to_string(platform))
                        : fmt::format("the image is not there for {}, only for {}",
                                      to_string(platform), fmt::join(offered, ", "))));
}

}  // namespace cogbuild::image
