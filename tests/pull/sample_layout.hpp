#pragma once

#include "support/raw_tar.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/image/manifest.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::pull::test {

using namespace cogbuild::test;

template <class T>
T value_of(Result<T> result) {
  if (!result) FAIL(render(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

template <class T>
std::string error_of(const Result<T>& result) {
  return result ? "no error" : result.error().message();
}

inline image::Descriptor describe(std::string_view media_type, const std::string& content) {
  return {.media_type = std::string(media_type),
          .digest = digest::digest_of(content),
          .size_bytes = content.size()};
}

// An image as blobs, made by hand: packed layers and the documents around them.
struct Sample {
  std::vector<std::string> tars{};
  std::vector<std::string> packed{};
  std::string config_json{};
  std::string manifest_json{};
  image::Descriptor manifest{};
};

inline std::string base_tar() {
  return raw_tar({directory("usr/"),
                  directory("usr/lib/"),
                  symlink("lib", "usr/lib"),
                  {.name = "usr/lib/os-release", .content = "PRETTY_NAME=\"Test OS\"\n"},
                  {.name = "usr/bin/python3.11", .content = "ELF"},
                  symlink("usr/bin/python3", "python3.11"),
                  directory("usr/lib/python3.11/"),
                  {.name = "usr/lib/gone", .content = "x"}});
}

inline std::string top_tar() {
  return raw_tar(
      {directory("lib/"), {.name = "usr/lib/.wh.gone"}, {.name = "etc/new", .content = "y"}});
}

// The first layer gzip in two members, the second raw.
inline Sample sample(std::vector<std::string> tars = {base_tar(), top_tar()},
                     const image::Platform& platform = {}) {
  Sample made{.tars = std::move(tars)};
  image::ImageConfig config{.platform = platform};
  image::Manifest manifest;
  for (std::size_t i = 0; i < made.tars.size(); ++i) {
    const std::string& tar = made.tars[i];
    const bool gzip = i == 0;
    made.packed.push_back(gzip ? stored_gzip(tar.substr(0, 700)) + stored_gzip(tar.substr(700))
                               : tar);
    config.diff_ids.push_back(digest::digest_of(tar));
    config.history.push_back({.created_by = "step " + std::to_string(i)});
    manifest.layers.push_back(
        describe(gzip ? image::kLayerGzipType : image::kLayerTarType, made.packed.back()));
  }
  made.config_json = image::to_json(config);
  manifest.config = describe(image::kConfigType, made.config_json);
  made.manifest_json = image::to_json(manifest);
  made.manifest = describe(image::kManifestType, made.manifest_json);
  return made;
}

// Files of an OCI layout by name; each entry of index.json as it is given.
inline std::vector<std::pair<std::string, std::string>> layout_files(
    const std::vector<std::string>& blobs, const std::vector<image::Descriptor>& entries) {
  std::vector<std::pair<std::string, std::string>> files{
      {"oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"},
      {"index.json", image::to_json(image::Index{.manifests = entries})}};
  for (const auto& blob : blobs)
    files.emplace_back("blobs/sha256/" + digest::digest_of(blob).hex(), blob);
  return files;
}

inline std::vector<std::string> blobs_of(const Sample& image) {
  std::vector<std::string> blobs = image.packed;
  blobs.push_back(image.config_json);
  blobs.push_back(image.manifest_json);
  return blobs;
}

inline image::Descriptor tagged(image::Descriptor descriptor, const std::string& tag) {
  descriptor.annotations["org.opencontainers.image.ref.name"] = tag;
  return descriptor;
}

inline void write_files(const std::filesystem::path& directory,
                        const std::vector<std::pair<std::string, std::string>>& files) {
  for (const auto& [name, content] : files)
    value_of(io::write_atomically(directory / name, content));
}

inline void write_tar(const std::filesystem::path& file,
                      const std::vector<std::pair<std::string, std::string>>& files) {
  std::vector<RawEntry> entries;
  for (const auto& [name, content] : files) entries.push_back({.name = name, .content = content});
  value_of(io::write_atomically(file, raw_tar(entries)));
}

// The services over a store in memory, and a place on disk.
struct Place {
  io::TempDir directory = value_of(io::TempDir::create());
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  progress::Recording reporter{};

  [[nodiscard]] std::filesystem::path at(const std::string& name) const {
    return directory.path() / name;
  }
  PullServices services(ClientFor client_for = {}, bool offline = false) {
    return {.blobs = blobs,
            .keys = keys,
            .client_for = std::move(client_for),
            .reporter = reporter,
            .offline = offline};
  }
  Result<image::Image> open(const std::string& source, const image::Platform& platform = {}) {
    TRY_ASSIGN(const auto parsed, parse_source(source));
    return open_image(parsed, platform, services());
  }
  Result<base::BaseImage> base(const std::string& source) {
    TRY_ASSIGN(const auto parsed, parse_source(source));
    return open_base(parsed, {}, services());
  }
  // The bytes of an image's layer, verified.
  Result<std::string> layer(const image::Image& image, std::size_t index) {
    SegmentSources sources(blobs, {});
    TRY_ASSIGN(const auto source, recipe::open_verified(image.layers.at(index).recipe, sources));
    return io::read_all(*source, 1 << 24);
  }
};

}  // namespace cogbuild::pull::test
