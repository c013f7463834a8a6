#include "label.hpp"

#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/summary_annotations.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <tuple>
#include <utility>

namespace cogbuild::report {

namespace {

using nlohmann::json;

constexpr std::size_t kMaxKindBytes = 64;
constexpr std::size_t kMaxTitleBytes = 512;

std::string annotation(std::string_view name) {
  return std::string(kAnnotationPrefix).append(name);
}

std::string dump(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

void sort_by_size(std::vector<Item>& items) {
  std::ranges::sort(items, [](const Item& a, const Item& b) {
    return std::tie(b.unpacked_bytes, a.kind, a.name, a.version) <
           std::tie(a.unpacked_bytes, b.kind, b.name, b.version);
  });
}

std::string encode_items(std::vector<Item> items, std::size_t room_bytes) {
  sort_by_size(items);
  std::string out = "[";
  std::size_t count = 0;
  for (const auto& item : items) {
    if (count == kMaxAnnotatedItems) break;
    const auto text = dump(json::array({item.kind, item.name, item.version, item.unpacked_bytes}));
    // A name too long to fit leaves room for the smaller things behind it.
    if (out.size() + text.size() + 2 > room_bytes) continue;
    if (count++ > 0) out += ',';
    out += text;
  }
  return out + "]";
}

std::vector<Item> decode_items(const std::string& text) {
  std::vector<Item> items;
  if (text.size() > kMaxAnnotationBytes) return items;
  const auto parsed = json::parse(text, nullptr, false);
  if (!parsed.is_array()) return items;
  for (const auto& entry : parsed) {
    if (items.size() == kMaxAnnotatedItems) break;
    if (!entry.is_array() || entry.size() != 4 || !entry[0].is_string() || !entry[1].is_string() ||
        !entry[2].is_string() || !entry[3].is_number_unsigned())
      continue;
    items.push_back({.kind = entry[0].get<std::string>(),
                     .name = entry[1].get<std::string>(),
                     .version = entry[2].get<std::string>(),
                     .unpacked_bytes = entry[3].get<std::uint64_t>()});
  }
  return items;
}

const std::string* find(const image::Annotations& annotations, std::string_view name) {
  const auto found = annotations.find(annotation(name));
  return found == annotations.end() ? nullptr : &found->second;
}

// What a builder wrote into a layer's history, without its own wrapping.
std::string title_of(std::string_view created_by) {
  for (const std::string_view prefix : {"/bin/sh -c #(nop) ", "/bin/sh -c ", "RUN /bin/sh -c "})
    if (created_by.starts_with(prefix)) {
      created_by.remove_prefix(prefix.size());
      break;
    }
  created_by.remove_prefix(std::min(created_by.find_first_not_of(' '), created_by.size()));
  constexpr std::string_view kBuildkit = " # buildkit";
  if (created_by.ends_with(kBuildkit)) created_by.remove_suffix(kBuildkit.size());
  return std::string(created_by);
}

std::string cut(const std::string& text, std::size_t limit_bytes) {
  if (text.size() <= limit_bytes) return text;
  std::size_t end = limit_bytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

}  // namespace

image::Annotations to_annotations(const LayerSummary& layer) {
  image::Annotations annotations;
  annotations[annotation("kind")] = cut(clean(layer.kind), kMaxKindBytes);
  annotations[annotation("title")] = cut(clean(layer.title), kMaxTitleBytes);
  if (layer.unpacked_bytes)
    annotations[annotation("unpacked-bytes")] = std::to_string(*layer.unpacked_bytes);
  std::size_t used = annotation("items").size();
  for (const auto& [key, value] : annotations) used += key.size() + value.size();
  if (!layer.items.empty())
    annotations[annotation("items")] = encode_items(layer.items, kMaxAnnotationBytes - used);
  return annotations;
}

LayerSummary summarize_layer(const image::Descriptor& layer, const digest::Digest& diff_id,
                             std::string_view created_by) {
  LayerSummary summary{.kind = "base",
                       .media_type = layer.media_type,
                       .digest = layer.digest,
                       .diff_id = diff_id,
                       .compressed_bytes = layer.size_bytes};
  if (const auto* kind = find(layer.annotations, "kind")) summary.kind = *kind;
  const auto* title = find(layer.annotations, "title");
  summary.title = title != nullptr ? *title : title_of(created_by);
  if (const auto* items = find(layer.annotations, "items")) summary.items = decode_items(*items);
  if (const auto* bytes = find(layer.annotations, "unpacked-bytes")) {
    std::uint64_t value = 0;
    const char* const last = bytes->data() + bytes->size();
    const auto [end, code] = std::from_chars(bytes->data(), last, value);
    if (code == std::errc() && end == last) summary.unpacked_bytes = value;
  } else if (layer.media_type == image::kLayerTarType) {
    summary.unpacked_bytes = layer.size_bytes;
  }
  return summary;
}

ImageSummary summarize_image(std::string name, const image::Descriptor& manifest,
                             const image::Manifest& content, const image::ImageConfig& config) {
  ImageSummary summary{.name = std::move(name),
                       .digest = manifest.digest,
                       .manifest_bytes = add_sizes(manifest.size_bytes, content.config.size_bytes)};
  auto history = config.history.begin();
  for (std::size_t i = 0; i < content.layers.size(); ++i) {
    while (history != config.history.end() && history->empty_layer) ++history;
    const std::string created_by = history == config.history.end() ? "" : history->created_by;
    if (history != config.history.end()) ++history;
    const auto diff_id = i < config.diff_ids.size() ? config.diff_ids[i] : digest::Digest();
    summary.layers.push_back(summarize_layer(content.layers[i], diff_id, created_by));
  }
  return summary;
}

}  // namespace cogbuild::report
