#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/reference.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

namespace cogbuild::pull {

// Where an image lives: what the command line calls IMAGE or REF (design, section 7).
struct LocalName {
  std::string name{};  // a tag of the local store, as the user wrote it
  friend bool operator==(const LocalName&, const LocalName&) = default;
};
struct RegistryImage {
  image::Reference reference{};
  friend bool operator==(const RegistryImage&, const RegistryImage&) = default;
};
struct OciLayout {
  std::filesystem::path directory{};
  std::string tag{};  // empty: the only image there
  friend bool operator==(const OciLayout&, const OciLayout&) = default;
};
struct OciArchive {
  std::filesystem::path file{};
  std::string tag{};
  friend bool operator==(const OciArchive&, const OciArchive&) = default;
};
struct DockerArchive {
  std::filesystem::path file{};
  std::string tag{};
  friend bool operator==(const DockerArchive&, const DockerArchive&) = default;
};
using ImageSource = std::variant<LocalName, RegistryImage, OciLayout, OciArchive, DockerArchive>;

// `oci:DIR[:tag]`, `oci-archive:FILE[:tag]`, `docker-archive:FILE[:tag]`, else a reference whose
// first component is a registry host (RegistryImage), else LocalName: the local store is asked
// first, and a name it does not have is Docker Hub's. Errors: usage; config (no image name).
Result<ImageSource> parse_source(std::string_view text);
std::string to_string(const ImageSource& source);

}  // namespace cogbuild::pull
