#include "docker_archive.hpp"

#include "read_image.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/image_config.hpp>
#include <cogbuild/image/manifest.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <array>
#include <map>
#include <utility>
#include <vector>

namespace cogbuild::pull {

namespace {

struct Entry {
  std::string config{};
  std::vector<std::string> names{};
  std::vector<std::string> layers{};
};

Error malformed(const std::string& name) {
  return {ErrorKind::integrity, fmt::format("manifest.json of {} is malformed", name)};
}

Result<std::vector<std::string>> strings_at(const nlohmann::json& object, const char* key,
                                            const std::string& name) {
  std::vector<std::string> strings;
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return strings;
  if (!found->is_array()) return fail(malformed(name));
  for (const auto& item : *found) {
    if (!item.is_string()) return fail(malformed(name));
    strings.push_back(item.get<std::string>());
  }
  return strings;
}

Result<std::vector<Entry>> parse_entries(const std::string& text, const std::string& name) {
  constexpr std::size_t kMaxLayers = 512;
  const auto json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_array() || json.empty()) return fail(malformed(name));
  std::vector<Entry> entries;
  for (const auto& item : json) {
    if (!item.is_object()) return fail(malformed(name));
    Entry entry;
    const auto config = item.find("Config");
    if (config == item.end() || !config->is_string()) return fail(malformed(name));
    entry.config = config->get<std::string>();
    TRY_ASSIGN(entry.names, strings_at(item, "RepoTags", name));
    TRY_ASSIGN(entry.layers, strings_at(item, "Layers", name));
    if (entry.layers.size() > kMaxLayers) return fail(malformed(name));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<Entry> choose_entry(const std::vector<Entry>& entries, const std::string& tag,
                           const std::string& name) {
  std::vector<std::string> names;
  for (const auto& entry : entries) {
    for (const auto& entry_name : entry.names) {
      if (!tag.empty() && entry_name.ends_with(":" + tag)) return entry;
      names.push_back(entry_name);
    }
  }
  if (!tag.empty())
    return fail(Error(ErrorKind::not_found, fmt::format("{} holds no image `{}`, only {}", name,
                                                        tag, fmt::join(names, ", "))));
  if (entries.size() > 1)
    return fail(Error(ErrorKind::usage,
                      fmt::format("{} holds several images: {}", name, fmt::join(names, ", ")))
                    .hint(fmt::format("name one by its tag: {}:TAG", name)));
  return entries.front();
}

Result<std::string_view> layer_type(const recipe::FileRange& range) {
  std::array<std::byte, 4> head{};
  if (range.size_bytes < head.size()) return image::kLayerTarType;
  TRY_ASSIGN(const io::Fd file, io::open_for_reading(range.path));
  TRY(io::read_at(file, range.path, range.offset, head));
  if (io::text(head).starts_with("\x1f\x8b")) return image::kLayerGzipType;
  if (io::text(head) == "\x28\xb5\x2f\xfd") return image::kLayerZstdType;
  return image::kLayerTarType;
}

// `blobs/sha256/<hex>`, as newer archives name their members, tells the digest.
std::optional<digest::Digest> digest_in_name(std::string_view member) {
  constexpr std::string_view kPrefix = "blobs/sha256/";
  if (!member.starts_with(kPrefix)) return std::nullopt;
  const auto parsed = digest::Digest::parse_hex(member.substr(kPrefix.size()));
  return parsed ? std::optional(*parsed) : std::nullopt;
}

Result<digest::Digest> digest_of_range(const recipe::FileRange& range, store::KeyIndex& keys) {
  // No file has a name like this, so that the rows of whole files are not touched.
  const std::string key =
      fmt::format("{}\n{}+{}", range.path.string(), range.offset, range.size_bytes);
  const std::string stamp =
      fmt::format("{} {} {} {} {} ", range.stamp.device, range.stamp.inode, range.stamp.size_bytes,
                  range.stamp.mtime_ns, range.stamp.ctime_ns);
  TRY_ASSIGN(const auto row, keys.get(store::Table::file, key));
  if (row && row->starts_with(stamp)) {
    // A stale or damaged row is found out: whoever reads the layer verifies it.
    const auto known = digest::Digest::parse(std::string_view(*row).substr(stamp.size()));
    if (known) return *known;
  }
  TRY_ASSIGN(const auto source, io::FileSource::open(range.path, range.offset, range.size_bytes));
  digest::Hasher hasher;
  TRY(io::copy(*source, hasher));
  const digest::Digest digest = hasher.finish();
  TRY(keys.put(store::Table::file, key, stamp + to_string(digest)));
  return digest;
}

class DockerCarrier final : public Carrier {
 public:
  DockerCarrier(std::string manifest, std::string config,
                std::map<digest::Digest, recipe::FileRange> layers)
      : manifest_(std::move(manifest)), config_(std::move(config)), layers_(std::move(layers)) {}

  Result<std::string> manifest(const image::Descriptor&) override { return manifest_; }
  Result<std::string> config(const image::Descriptor&) override { return config_; }
  Result<recipe::Recipe> layer(const image::Descriptor& descriptor) override {
    const recipe::FileRange& range = layers_.at(descriptor.digest);
    return recipe::Recipe{
        .digest = descriptor.digest, .size_bytes = range.size_bytes, .segments = {range}};
  }

 private:
  std::string manifest_;
  std::string config_;
  std::map<digest::Digest, recipe::FileRange> layers_;
};

}  // namespace

Result<image::Image> open_docker_archive(const Locate& locate, const std::string& tag,
                                         const image::Platform& platform, const std::string& name,
                                         store::KeyIndex& keys) {
  const auto index = locate("manifest.json");
  if (!index && index.error().kind() == ErrorKind::not_found)
    return fail(
        Error(ErrorKind::unsupported,
              fmt::format("{} is no archive of `docker save`: it has no manifest.json", name))
            .hint("an OCI layout in a tar file is written `oci-archive:FILE`"));
  TRY(index);
  TRY_ASSIGN(const std::string text, read_range(*index, kMaxManifestBytes));
  TRY_ASSIGN(const auto entries, parse_entries(text, name));
  TRY_ASSIGN(const Entry entry, choose_entry(entries, tag, name));

  TRY_ASSIGN(const auto config_range, locate(entry.config));
  TRY_ASSIGN(std::string config_json, read_range(config_range, kMaxConfigBytes));
  TRY_ASSIGN(const image::ImageConfig config, image::parse_image_config(config_json));
  if (config.diff_ids.size() != entry.layers.size())
    return fail(Error(ErrorKind::integrity,
                      fmt::format("the config tells of {} layers, manifest.json of {}",
                                  config.diff_ids.size(), entry.layers.size())));

  image::Manifest manifest;
  manifest.config = {.media_type = std::string(image::kConfigType),
                     .digest = digest::digest_of(config_json),
                     .size_bytes = config_json.size()};
  std::map<digest::Digest, recipe::FileRange> layers;
  for (std::size_t i = 0; i < entry.layers.size(); ++i) {
    TRY_ASSIGN(const auto range, locate(entry.layers[i]));
    TRY_ASSIGN(const auto type, layer_type(range));
    // An uncompressed layer's digest is its diff_id; whoever reads the layer verifies either.
    digest::Digest digest = config.diff_ids[i];
    if (type != image::kLayerTarType) {
      if (const auto told = digest_in_name(entry.layers[i])) {
        digest = *told;
      } else {
        TRY_ASSIGN(digest, digest_of_range(range, keys));
      }
    }
    layers.insert_or_assign(digest, range);
    manifest.layers.push_back(
        {.media_type = std::string(type), .digest = digest, .size_bytes = range.size_bytes});
  }
  std::string manifest_json = image::to_json(manifest);
  const image::Descriptor top{.media_type = std::string(image::kManifestType),
                              .digest = digest::digest_of(manifest_json),
                              .size_bytes = manifest_json.size()};
  DockerCarrier carrier(std::move(manifest_json), std::move(config_json), std::move(layers));
  return read_image(top, platform, carrier);
}

}  // namespace cogbuild::pull
