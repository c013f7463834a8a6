#include "planned_debs.hpp"

#include "deb_conflicts.hpp"

#include <cogbuild/digest/hasher.hpp>

#include <algorithm>

namespace cogbuild::realise {

std::string PlannedDebs::check_key() const {
  digest::Hasher hasher;
  for (const auto& layer : plan_.layers)
    if (std::holds_alternative<plan::DebLayer>(layer.content)) hasher.update(layer.key.hex());
  for (const auto& diff_id : plan_.base_diff_ids) hasher.update(diff_id.hex());
  return "deb conflicts:" + hasher.finish().hex();
}

Result<void> PlannedDebs::prepare(const std::vector<std::size_t>& missing) {
  std::vector<std::size_t> layers;
  std::vector<WantedDeb> wanted;
  bool new_layer = false;
  for (std::size_t i = 0; i < plan_.layers.size(); ++i) {
    const auto& layer = plan_.layers[i];
    const bool is_missing = std::ranges::find(missing, i) != missing.end();
    if (const auto* debs = std::get_if<plan::DebLayer>(&layer.content)) {
      layers.push_back(i);
      new_layer = new_layer || is_missing;
      for (const auto& package : debs->packages)
        order_[i].push_back(
            {.package = &package, .rules = &debs->rules, .layer = is_missing ? &layer : nullptr});
    }
    const auto* configuration = std::get_if<plan::ConfigurationLayer>(&layer.content);
    if (configuration != nullptr && is_missing)
      for (const auto& package : configuration->packages)
        wanted.push_back({.package = &package, .rules = &configuration->rules});
  }
  bool is_checked = true;
  if (!layers.empty() && !new_layer) {
    TRY_ASSIGN(const auto known, services_.keys.get(store::Table::layer, check_key()));
    is_checked = known && services_.use_cache;
  }
  if (new_layer || !is_checked)
    for (const auto layer : layers)
      wanted.insert(wanted.end(), order_[layer].begin(), order_[layer].end());
  TRY(shelf_.prepare(wanted));
  if (!new_layer && is_checked) return {};
  TRY(settle_order(layers));
  return services_.keys.put(store::Table::layer, check_key(), "none");
}

Result<void> PlannedDebs::settle_order(const std::vector<std::size_t>& layers) {
  std::vector<LayeredDeb> packages;
  std::vector<WantedDeb> debs;
  for (const auto layer : layers)
    for (const auto& deb : order_[layer]) {
      packages.push_back({.contents = &shelf_.contents(deb), .layer = layer});
      debs.push_back(deb);
    }
  TRY_ASSIGN(const auto positions, writing_order(packages));
  for (const auto layer : layers) order_[layer].clear();
  for (const auto position : positions) order_[packages[position].layer].push_back(debs[position]);
  return {};
}

}  // namespace cogbuild::realise
