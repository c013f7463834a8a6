#include "layer_sources.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/base/summary_collector.hpp>
#include <cogbuild/compress/decompress.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/pull/extend_base.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/recipe/reader.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cogbuild::pull {

namespace {

using filetree::NodeType;
using store::Table;

// Everything that decides a summary: the layers, and the variables that tell where Python is.
std::string summary_key(const image::ImageConfig& config) {
  digest::Hasher hasher;
  for (const auto& diff_id : config.diff_ids) hasher.update(to_string(diff_id) + "\n");
  for (const char* name : {"PATH", "PYTHON_VERSION"}) {
    const std::string* value = image::find_environment(config, name);
    hasher.update(fmt::format("{}={}\n", name, value == nullptr ? "" : *value));
  }
  return to_string(hasher.finish());
}

NodeType node_type(archive::EntryType type) {
  switch (type) {
    case archive::EntryType::directory:
      return NodeType::directory;
    case archive::EntryType::symlink:
      return NodeType::symlink;
    case archive::EntryType::other:
      return NodeType::other;
    case archive::EntryType::file:
    case archive::EntryType::hardlink:
      break;
  }
  return NodeType::file;
}

base::LayerEntry to_layer_entry(archive::TarEntry entry) {
  base::LayerEntry result{
      .path = std::move(entry.path),
      .node = {
          .type = node_type(entry.type), .mode = entry.mode, .uid = entry.uid, .gid = entry.gid}};
  if (entry.type == archive::EntryType::symlink)
    result.node.link_target = std::move(entry.link_target);
  if (entry.type == archive::EntryType::hardlink)
    result.hardlink_target = std::move(entry.link_target);
  return result;
}

// Streams one layer into the collector. Its digest is verified below the decompressor, its diff_id
// above, and both streams are read to their ends.
Result<void> read_layer(const image::Layer& layer, recipe::SegmentOpener& opener,
                        base::SummaryCollector& collector, progress::Reporter& reporter) {
  constexpr std::uint64_t kExpansion = 50;
  constexpr std::uint64_t kAlwaysAllowedBytes = std::uint64_t{1} << 30;
  TRY_ASSIGN(auto packed, recipe::open_verified(layer.recipe, opener));
  TRY_ASSIGN(const auto unpacked,
             compress::decompress(std::make_unique<ProgressSource>(
                 std::move(packed), reporter, to_string(layer.descriptor.digest))));
  const std::uint64_t limit =
      unpacked.form == compress::Form::raw
          ? layer.descriptor.size_bytes
          : std::max(kAlwaysAllowedBytes, kExpansion * layer.descriptor.size_bytes);
  DiffIdSource tar(*unpacked.content, limit);
  TRY_ASSIGN(auto reader, archive::TarReader::open(tar));
  archive::EntrySource content(reader);
  collector.begin_layer();
  for (;;) {
    TRY_ASSIGN(auto entry, reader.next());
    if (!entry) break;
    TRY(collector.add(to_layer_entry(std::move(*entry)), content));
  }
  collector.end_layer(tar.size_bytes());
  const digest::Digest diff_id = tar.finish();
  if (diff_id != layer.diff_id)
    return fail(
        Error(ErrorKind::integrity, fmt::format("its diff_id is {}, but the config says {}",
                                                to_string(diff_id), to_string(layer.diff_id))));
  return {};
}

Result<image::Layer> with_recipe(image::Layer layer, const store::KeyIndex& keys) {
  if (!layer.recipe.segments.empty()) return layer;
  TRY_ASSIGN(const auto known, keys.get(Table::recipe, to_string(layer.descriptor.digest)));
  if (!known)
    return fail(Error(ErrorKind::not_found, fmt::format("the store has no recipe of layer {}",
                                                        to_string(layer.descriptor.digest)))
                    .hint("--no-cache makes it anew"));
  TRY_ASSIGN(layer.recipe, recipe::parse(*known));
  return layer;
}

// The layers from `first` on, above what is known of those below.
Result<base::TreeSummary> summarise(const base::BaseImage& base, std::size_t first,
                                    base::TreeSummary below, const PullServices& services) {
  SegmentSources opener(services.blobs, services.offline ? ClientFor() : services.client_for);
  base::SummaryCollector collector(base.config, std::move(below));
  for (std::size_t i = first; i < base.layers.size(); ++i) {
    TRY_ASSIGN(const image::Layer layer, with_recipe(base.layers[i], services.keys));
    const std::string id = to_string(layer.descriptor.digest);
    services.reporter.started(id,
                              fmt::format("reading base layer {} of {}", i + 1, base.layers.size()),
                              layer.descriptor.size_bytes);
    auto read = read_layer(layer, opener, collector, services.reporter);
    services.reporter.finished(id, read ? "" : "failed");
    if (!read)
      return fail(std::move(read).error().during(
          fmt::format("reading layer {} of the base `{}`", id, base.name)));
  }
  return collector.finish();
}

// Sets the summary of the base, from the cache or by reading what is not in `below`.
Result<void> learn_summary(base::BaseImage& base, std::size_t first, base::TreeSummary below,
                           const PullServices& services) {
  const std::string key = summary_key(base.config);
  TRY_ASSIGN(const auto cached, services.keys.get(Table::tree, key));
  if (cached) {
    // One that cannot be read, of another version or damaged, is made anew.
    if (auto summary = base::parse_summary(*cached)) {
      base.summary = *std::move(summary);
      return {};
    }
  }
  services.reporter.explain(fmt::format("`{}`: no summary of its layers is cached", base.name));
  TRY_ASSIGN(base.summary, summarise(base, first, std::move(below), services));
  return services.keys.put(Table::tree, key, to_text(base.summary));
}

}  // namespace

Result<base::BaseImage> open_base(const ImageSource& source, const image::Platform& platform,
                                  const PullServices& services) {
  TRY_ASSIGN(image::Image image, open_image(source, platform, services));
  base::BaseImage base;
  base.name = to_string(source);
  base.manifest = std::move(image.manifest);
  TRY_ASSIGN(base.config, image::parse_image_config(image.config_json));
  base.layers = std::move(image.layers);

  TRY(learn_summary(base, 0, {}, services));
  return base;
}

Result<base::BaseImage> extend_base(base::BaseImage below, const std::vector<image::Layer>& layers,
                                    const PullServices& services) {
  if (layers.empty()) return below;
  const std::size_t known = below.layers.size();
  const image::Image image =
      image::assemble(below.config, below.layers, below.config, layers, image::Annotations{});
  base::BaseImage base{
      .name = std::move(below.name), .manifest = image.manifest, .layers = image.layers};
  TRY_ASSIGN(base.config, image::parse_image_config(image.config_json));
  TRY(learn_summary(base, known, std::move(below.summary), services));
  return base;
}

}  // namespace cogbuild::pull
