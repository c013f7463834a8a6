#include "build_layer.hpp"
#include "in_parallel.hpp"
#include "planned_debs.hpp"
#include "wheel_shelf.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/realise/realise.hpp>

#include <fmt/format.h>

#include <functional>
#include <optional>
#include <variant>

namespace cogbuild::realise {

namespace {

// Where packages' files come to lie depends on the links of what is below them.
digest::Digest key_above_base(const plan::LayerPlan& layer, const plan::ImagePlan& plan) {
  if (!std::holds_alternative<plan::DebLayer>(layer.content)) return layer.key;
  digest::Hasher hasher;
  hasher.update(layer.key.hex());
  for (const auto& diff_id : plan.base_diff_ids) hasher.update(diff_id.hex());
  return hasher.finish();
}

// The layer under this key, if everything it needs is still there.
Result<std::optional<Layer>> find_cached(const plan::LayerPlan& layer, const digest::Digest& key,
                                         const Services& services) {
  if (!services.use_cache) return std::optional<Layer>();
  TRY_ASSIGN(const auto record, services.keys.get(store::Table::layer, to_string(key)));
  if (!record) {
    services.reporter.explain(fmt::format("{}: no layer with key {}", layer.title, key.hex()));
    return std::optional<Layer>();
  }
  auto cached = parse_layer(*record);
  if (!cached) return std::optional<Layer>();
  for (const auto& blob : cached->needs) {
    TRY_ASSIGN(const bool there, services.blobs.contains(blob));
    if (there) continue;
    services.reporter.explain(
        fmt::format("{}: blob {} is gone from the store", layer.title, to_string(blob)));
    return std::optional<Layer>();
  }
  return std::optional<Layer>(*std::move(cached));
}

// What layers are made of, opened once for all of them.
struct Shelves {
  WheelShelf wheels;
  PlannedDebs debs;
};

Result<Layer> build_content(const plan::ImagePlan& plan, std::size_t index,
                            const base::TreeSummary& base, Shelves& shelves,
                            const Services& services) {
  const plan::LayerPlan& layer = plan.layers[index];
  return std::visit(
      [&](const auto& content) -> Result<Layer> {
        using T = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<T, plan::WheelLayer>) {
          std::vector<const lock::LockedDistribution*> wheels;
          for (const auto& wheel : content.wheels) wheels.push_back(&wheel);
          TRY_ASSIGN(const auto opened, shelves.wheels.open(wheels, content.scheme));
          return build_wheel_layer(layer, opened, services);
        }
        if constexpr (std::is_same_v<T, plan::FilesLayer>)
          return build_files_layer(layer, content, services);
        if constexpr (std::is_same_v<T, plan::WeightsLayer>)
          return build_weights_layer(layer, content, services);
        if constexpr (std::is_same_v<T, plan::DebLayer>)
          return build_deb_layer(layer, shelves.debs.order(index), shelves.debs.shelf(), base.tree,
                                 services);
        if constexpr (std::is_same_v<T, plan::ConfigurationLayer>)
          return build_configuration_layer(layer, content, shelves.debs.shelf(), base, services);
        if constexpr (std::is_same_v<T, plan::StandalonePythonLayer>)
          return build_standalone_python_layer(layer, content, services);
      },
      layer.content);
}

Result<Layer> build(const plan::ImagePlan& plan, std::size_t index, const base::TreeSummary& base,
                    Shelves& shelves, const Services& services) {
  const plan::LayerPlan& layer = plan.layers[index];
  auto built = build_content(plan, index, base, shelves, services);
  if (!built) return fail(std::move(built).error().during("making the layer of " + layer.title));
  // The recipe first: whoever finds the layer must find its recipe.
  TRY(services.keys.put(store::Table::recipe, to_string(built->digest),
                        recipe::to_string(*built->recipe)));
  TRY(services.keys.put(store::Table::layer, to_string(key_above_base(layer, plan)),
                        to_json(*built)));
  return built;
}

struct PlannedWheels {
  std::vector<const lock::LockedDistribution*> wheels{};
  const plan::InstallScheme* scheme = nullptr;  // the same for all wheels of a plan
};

PlannedWheels planned_wheels(const plan::LayerPlan& layer) {
  PlannedWheels planned;
  if (const auto* content = std::get_if<plan::WheelLayer>(&layer.content)) {
    planned.scheme = &content->scheme;
    for (const auto& wheel : content->wheels) planned.wheels.push_back(&wheel);
  }
  return planned;
}

// Wheels are checked against each other and the base whenever their combination is new.
Result<void> check_wheels(const plan::ImagePlan& plan, const filetree::FileTree& base,
                          WheelShelf& shelf, const Services& services) {
  digest::Hasher hasher;
  PlannedWheels all;
  for (const auto& layer : plan.layers) {
    const PlannedWheels planned = planned_wheels(layer);
    if (planned.scheme == nullptr) continue;
    hasher.update(layer.key.hex());
    all.scheme = planned.scheme;
    all.wheels.insert(all.wheels.end(), planned.wheels.begin(), planned.wheels.end());
  }
  if (all.wheels.empty()) return {};
  for (const auto& diff_id : plan.base_diff_ids) hasher.update(diff_id.hex());
  const std::string key = "conflicts:" + hasher.finish().hex();
  TRY_ASSIGN(const auto known, services.keys.get(store::Table::layer, key));
  if (known && services.use_cache) return {};
  TRY_ASSIGN(const auto opened, shelf.open(all.wheels, *all.scheme));
  TRY(check_conflicts(opened, base));
  return services.keys.put(store::Table::layer, key, "none");
}

}  // namespace

Result<std::vector<Layer>> realise(const plan::ImagePlan& plan, const base::TreeSummary& base,
                                   const Services& services) {
  Shelves shelves{.wheels = WheelShelf(services), .debs = PlannedDebs(plan, base.tree, services)};
  TRY(check_wheels(plan, base.tree, shelves.wheels, services));
  std::vector<Layer> layers(plan.layers.size());
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    TRY_ASSIGN(auto cached,
               find_cached(plan.layers[i], key_above_base(plan.layers[i], plan), services));
    if (cached)
      layers[i] = *std::move(cached);
    else
      missing.push_back(i);
  }
  TRY(shelves.debs.prepare(missing));
  TRY(in_parallel(missing.size(), services.threads, [&](std::size_t i) -> Result<void> {
    TRY_ASSIGN(layers[missing[i]], build(plan, missing[i], base, shelves, services));
    return {};
  }));
  return layers;
}

}  // namespace cogbuild::realise
