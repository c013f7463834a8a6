#pragma once

#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::image {

// image-spec media-types.md; Docker's are read as well as OCI's, only OCI's are written.
inline constexpr std::string_view kIndexType = "application/vnd.oci.image.index.v1+json";
inline constexpr std::string_view kManifestType = "application/vnd.oci.image.manifest.v1+json";
inline constexpr std::string_view kConfigType = "application/vnd.oci.image.config.v1+json";
inline constexpr std::string_view kLayerTarType = "application/vnd.oci.image.layer.v1.tar";
inline constexpr std::string_view kLayerGzipType = "application/vnd.oci.image.layer.v1.tar+gzip";
inline constexpr std::string_view kLayerZstdType = "application/vnd.oci.image.layer.v1.tar+zstd";
inline constexpr std::string_view kDockerIndexType =
    "application/vnd.docker.distribution.manifest.list.v2+json";
inline constexpr std::string_view kDockerManifestType =
    "application/vnd.docker.distribution.manifest.v2+json";

using Annotations = std::map<std::string, std::string>;

struct Platform {
  std::string os = "linux";
  std::string architecture = "amd64";
  std::string variant{};
  friend bool operator==(const Platform&, const Platform&) = default;
};
// `linux/amd64[/variant]`.
Result<Platform> parse_platform(std::string_view text);
std::string to_string(const Platform& platform);

// image-spec descriptor.md.
struct Descriptor {
  std::string media_type{};
  digest::Digest digest{};
  std::uint64_t size_bytes = 0;
  Annotations annotations{};
  std::optional<Platform> platform{};
  friend bool operator==(const Descriptor&, const Descriptor&) = default;
};

// The OCI layer type for a Docker one (`…rootfs.diff.tar.gzip`); others are returned as they are.
std::string oci_layer_type(std::string_view media_type);

}  // namespace cogbuild::image
