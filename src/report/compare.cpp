#include <cogbuild/report/byte_size.hpp>
#include <cogbuild/report/compare.hpp>
#include <cogbuild/report/totals.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace cogbuild::report {

std::string_view to_string(Change change) {
  switch (change) {
    case Change::same:
      return "same";
    case Change::added:
      return "added";
    case Change::removed:
      return "removed";
    case Change::grown:
      return "grown";
    case Change::shrunk:
      return "shrunk";
    case Change::replaced:
      return "replaced";
  }
  return "same";
}

namespace {

Change change_of(std::uint64_t before_bytes, std::uint64_t after_bytes) {
  if (before_bytes == after_bytes) return Change::replaced;
  return before_bytes < after_bytes ? Change::grown : Change::shrunk;
}

// Which layer of `before` each layer of `after` follows.
class Pairing {
 public:
  Pairing(const std::vector<LayerSummary>& before, const std::vector<LayerSummary>& after)
      : before_(before), after_(after), of_(after.size()), taken_(before.size()) {}

  // Pairs what has the same key, first with first; layers without key stay alone.
  template <class Key>
  void pair_by(Key key) {
    std::map<std::string, std::vector<std::size_t>> free;
    for (std::size_t i = before_.size(); i-- > 0;)
      if (!taken_[i]) free[key(before_[i])].push_back(i);
    for (std::size_t i = 0; i < after_.size(); ++i) {
      if (of_[i]) continue;
      const auto text = key(after_[i]);
      const auto found = free.find(text);
      if (text.empty() || found == free.end() || found->second.empty()) continue;
      of_[i] = found->second.back();
      taken_[found->second.back()] = true;
      found->second.pop_back();
    }
  }
  void pair_single_kinds() {
    std::map<std::string, int> count;
    for (std::size_t i = 0; i < before_.size(); ++i)
      if (!taken_[i]) count[before_[i].kind] += 1;
    std::map<std::string, int> count_after;
    for (std::size_t i = 0; i < after_.size(); ++i)
      if (!of_[i]) count_after[after_[i].kind] += 1;
    pair_by([&](const LayerSummary& layer) {
      return count[layer.kind] == 1 && count_after[layer.kind] == 1 ? layer.kind : std::string();
    });
  }
  [[nodiscard]] std::optional<std::size_t> predecessor(std::size_t i) const { return of_[i]; }
  [[nodiscard]] bool has_successor(std::size_t i) const { return taken_[i]; }

 private:
  const std::vector<LayerSummary>& before_;
  const std::vector<LayerSummary>& after_;
  std::vector<std::optional<std::size_t>> of_;
  std::vector<bool> taken_;
};

void compare_layers(const ImageSummary& before, const ImageSummary& after, Comparison& result) {
  Pairing pairing(before.layers, after.layers);
  pairing.pair_by([](const LayerSummary& layer) { return layer.digest.hex(); });
  pairing.pair_by([](const LayerSummary& layer) { return layer.kind + "\n" + layer.title; });
  pairing.pair_by([](const LayerSummary& layer) {
    return layer.items.size() == 1 ? layer.kind + "\n" + layer.items.front().name : std::string();
  });
  pairing.pair_by([](const LayerSummary& layer) {
    return layer.items.size() > 1 ? layer.kind : std::string();
  });
  pairing.pair_single_kinds();
  for (std::size_t i = 0; i < after.layers.size(); ++i) {
    const auto& layer = after.layers[i];
    LayerChange change{.change = Change::added, .after_bytes = layer.compressed_bytes};
    if (const auto index = pairing.predecessor(i)) {
      const auto& earlier = before.layers[*index];
      change.before_bytes = earlier.compressed_bytes;
      change.change = earlier.digest == layer.digest
                          ? Change::same
                          : change_of(change.before_bytes, change.after_bytes);
    }
    result.layers.push_back(change);
  }
  for (std::size_t i = 0; i < before.layers.size(); ++i)
    if (!pairing.has_successor(i)) result.removed_layers.push_back(before.layers[i]);
}

struct Presence {
  bool present = false;
  std::string version{};
  std::uint64_t bytes = 0;
};

using ItemKey = std::pair<std::string, std::string>;  // kind, name

std::map<ItemKey, Presence> items_of(const ImageSummary& image) {
  std::map<ItemKey, Presence> items;
  for (const auto& layer : image.layers)
    for (const auto& item : layer.items) {
      auto& presence = items[{item.kind, item.name}];
      presence.present = true;
      presence.version = item.version;
      presence.bytes = add_sizes(presence.bytes, item.unpacked_bytes);
    }
  return items;
}

std::uint64_t distance(const ItemChange& change) {
  return std::max(change.before_bytes, change.after_bytes) -
         std::min(change.before_bytes, change.after_bytes);
}

std::vector<ItemChange> compare_items(const ImageSummary& before, const ImageSummary& after) {
  auto earlier = items_of(before);
  const auto later = items_of(after);
  for (const auto& [key, presence] : later) earlier.try_emplace(key);
  std::vector<ItemChange> changes;
  for (const auto& [key, was] : earlier) {
    const auto found = later.find(key);
    const Presence now = found == later.end() ? Presence{} : found->second;
    if (was.present && now.present && was.version == now.version && was.bytes == now.bytes)
      continue;
    ItemChange change{.change = change_of(was.bytes, now.bytes),
                      .kind = key.first,
                      .name = key.second,
                      .before_version = was.version,
                      .after_version = now.version,
                      .before_bytes = was.bytes,
                      .after_bytes = now.bytes};
    if (!was.present) change.change = Change::added;
    if (!now.present) change.change = Change::removed;
    changes.push_back(std::move(change));
  }
  std::ranges::sort(changes, [](const ItemChange& a, const ItemChange& b) {
    const auto a_distance = distance(a);
    const auto b_distance = distance(b);
    return std::tie(b_distance, a.kind, a.name) < std::tie(a_distance, b.kind, b.name);
  });
  return changes;
}

std::uint64_t transfer_bytes(const ImageSummary& before, const ImageSummary& after) {
  std::set<digest::Digest> there;
  for (const auto& layer : before.layers) there.insert(layer.digest);
  std::uint64_t bytes = before.digest == after.digest ? 0 : after.manifest_bytes;
  for (const auto& layer : after.layers)
    if (there.insert(layer.digest).second) bytes = add_sizes(bytes, layer.compressed_bytes);
  return bytes;
}

}  // namespace

Comparison compare(const ImageSummary& before, const ImageSummary& after) {
  Comparison result;
  compare_layers(before, after, result);
  result.items = compare_items(before, after);
  result.before_pull_bytes = totals(before).pull_bytes;
  result.after_pull_bytes = totals(after).pull_bytes;
  result.transfer_bytes = transfer_bytes(before, after);
  return result;
}

}  // namespace cogbuild::report
