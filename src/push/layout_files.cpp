#include "layout_files.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/manifest.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

namespace cogbuild::push {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kRefName = "org.opencontainers.image.ref.name";
constexpr const char* kContainerdName = "io.containerd.image.name";

std::string blob_path(const digest::Digest& digest) { return "blobs/sha256/" + digest.hex(); }

// The ref name of an index entry; empty when it has none or it is no string.
std::string ref_name(const Json& entry) {
  const auto annotations = entry.find("annotations");
  if (annotations == entry.end() || !annotations->is_object()) return {};
  const auto name = annotations->find(kRefName);
  return name != annotations->end() && name->is_string() ? name->get<std::string>() : std::string();
}

}  // namespace

std::uint64_t size_bytes(const LayoutFile& file) {
  if (const auto* text = std::get_if<std::string>(&file.content)) return text->size();
  return std::get<const recipe::Recipe*>(file.content)->size_bytes;
}

std::string layer_label(const image::Layer& layer) {
  if (!layer.created_by.empty()) return layer.created_by;
  return fmt::format("layer {}", to_string(layer.descriptor.digest).substr(0, 19));
}

std::vector<LayoutFile> layout_blobs(const image::Image& image) {
  std::map<std::string, LayoutFile> by_path;
  const auto add = [&](LayoutFile file) { by_path.emplace(file.path, std::move(file)); };
  for (const auto& layer : image.layers)
    add({.path = blob_path(layer.descriptor.digest),
         .label = layer_label(layer),
         .content = &layer.recipe});
  add({.path = blob_path(digest::digest_of(image.config_json)),
       .label = "image config",
       .content = image.config_json});
  add({.path = blob_path(image.manifest.digest),
       .label = "manifest",
       .content = image.manifest_json});
  std::vector<LayoutFile> files;
  for (auto& [path, file] : by_path) files.push_back(std::move(file));
  return files;
}

image::Descriptor index_entry(const image::Image& image, const LayoutName& name) {
  image::Descriptor entry = image.manifest;
  entry.annotations[kRefName] = name.ref_name;
  if (!name.image_name.empty()) entry.annotations[kContainerdName] = name.image_name;
  return entry;
}

Result<std::string> merge_index(const std::string& existing, const image::Descriptor& entry) {
  const Json added = Json::parse(to_json(image::Index{.manifests = {entry}}))["manifests"][0];
  Json index = Json::parse(existing, nullptr, false);
  if (!index.is_object() || !index.contains("manifests") || !index["manifests"].is_array())
    return fail(Error(ErrorKind::integrity, "index.json is no image index"));
  Json entries = Json::array();
  bool placed = false;
  for (const auto& old : index["manifests"]) {
    if (ref_name(old) != ref_name(added)) {
      entries.push_back(old);
    } else if (!placed) {
      entries.push_back(added);
      placed = true;
    }
  }
  if (!placed) entries.push_back(added);
  index["manifests"] = std::move(entries);
  return index.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::string> docker_manifest(const image::Image& image, const LayoutName& name) {
  Json layers = Json::array();
  for (const auto& layer : image.layers) {
    if (layer.descriptor.media_type == image::kLayerZstdType)
      return fail(
          Error(ErrorKind::unsupported,
                fmt::format("a docker-archive cannot hold zstd layers (`{}`)", layer_label(layer)))
              .hint("build with --compression gzip, or write an oci-archive: instead"));
    layers.push_back(blob_path(layer.descriptor.digest));
  }
  Json entry = Json::object();
  entry["Config"] = blob_path(digest::digest_of(image.config_json));
  entry["RepoTags"] = name.image_name.empty() ? Json::array() : Json::array({name.image_name});
  entry["Layers"] = std::move(layers);
  return Json::array({std::move(entry)}).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cogbuild::push
