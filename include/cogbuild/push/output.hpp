#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/image/reference.hpp>
#include <cogbuild/push/export_services.hpp>
#include <cogbuild/push/rootfs.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

namespace cogbuild::push {

struct OciLayoutOutput {
  std::filesystem::path directory{};
  std::string tag{};  // empty: the image's own
  friend bool operator==(const OciLayoutOutput&, const OciLayoutOutput&) = default;
};
struct OciArchiveOutput {
  std::filesystem::path file{};
  friend bool operator==(const OciArchiveOutput&, const OciArchiveOutput&) = default;
};
struct DockerArchiveOutput {
  std::filesystem::path file{};
  friend bool operator==(const DockerArchiveOutput&, const DockerArchiveOutput&) = default;
};
struct RootfsOutput {
  std::filesystem::path directory{};
  friend bool operator==(const RootfsOutput&, const RootfsOutput&) = default;
};

using Output = std::variant<OciLayoutOutput, OciArchiveOutput, DockerArchiveOutput, RootfsOutput>;

// The value of `--output`: `oci:DIR[:tag]`, `oci-archive:FILE`, `docker-archive:FILE` or
// `rootfs:DIR`. The tag is what follows the last colon, if it looks like one. Error: usage.
Result<Output> parse_output(std::string_view text);
// As parse_output reads it.
std::string to_string(const Output& output);

// Writes the image, called `name`, there. Errors: those of the four writers.
Result<void> write_output(const image::Image& image, const image::Reference& name,
                          const Output& output, ExportServices services,
                          RootfsOptions options = {});

}  // namespace cogbuild::push
