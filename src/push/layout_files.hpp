#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/push/oci_layout.hpp>
#include <cogbuild/recipe/recipe.hpp>

#include <string>
#include <variant>
#include <vector>

namespace cogbuild::push {

// One file of an OCI layout.
struct LayoutFile {
  std::string path{};   // relative to the layout
  std::string label{};  // for progress: what it holds
  // Small documents are held here; layers lie in the image, which must outlive the file.
  std::variant<std::string, const recipe::Recipe*> content{};
};

std::uint64_t size_bytes(const LayoutFile& file);

// image-spec image-layout.md: the blobs of an image, each once, sorted by path.
std::vector<LayoutFile> layout_blobs(const image::Image& image);

inline constexpr const char* kLayoutMarkerName = "oci-layout";
inline constexpr const char* kLayoutMarker = R"({"imageLayoutVersion":"1.0.0"})";
inline constexpr const char* kIndexName = "index.json";

// The image's entry for index.json, with both names.
image::Descriptor index_entry(const image::Image& image, const LayoutName& name);

// The text of an index.json in which `entry` replaces the one of the same ref name, or is added;
// all else is kept as it is. Error: integrity, when `existing` is no image index.
Result<std::string> merge_index(const std::string& existing, const image::Descriptor& entry);

// manifest.json of a docker-archive, whose paths point into the layout.
// Error: unsupported, for layers that `docker load` cannot read.
Result<std::string> docker_manifest(const image::Image& image, const LayoutName& name);

// How progress and messages call a layer: what made it, or its digest.
std::string layer_label(const image::Layer& layer);

}  // namespace cogbuild::push
