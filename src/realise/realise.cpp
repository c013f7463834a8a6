#include "build_layer.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/realise/realise.hpp>

#include <fmt/format.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

namespace cogbuild::realise {

namespace {

// Runs `work(0) … work(count - 1)` on at most `threads` threads; the error of the smallest failing
// index is returned, and nothing new is begun once one failed.
Result<void> in_parallel(std::size_t count, int threads,
                         const std::function<Result<void>(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::optional<std::pair<std::size_t, Error>> first;
  const auto run = [&] {
    for (std::size_t index = next++; index < count && !stopped; index = next++) {
      auto outcome = work(index);
      if (outcome) continue;
      stopped = true;
      const std::lock_guard lock(mutex);
      if (!first || index < first->first) first.emplace(index, std::move(outcome).error());
    }
  };
  {
    std::vector<std::jthread> workers;
    for (int i = 1; i < threads && static_cast<std::size_t>(i) < count; ++i)
      workers.emplace_back(run);
    run();
  }
  if (first) return fail(std::move(first->second));
  return {};
}

// The layer under this key, if everything it needs is still there.
Result<std::optional<Layer>> find_cached(const plan::LayerPlan& layer, const Services& services) {
  if (!services.use_cache) return std::optional<Layer>();
  TRY_ASSIGN(const auto record, services.keys.get(store::Table::layer, to_string(layer.key)));
  if (!record) {
    services.reporter.explain(
        fmt::format("{}: no layer with key {}", layer.title, layer.key.hex()));
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

Result<Layer> build(const plan::LayerPlan& layer, const Services& services) {
  auto built = std::visit(
      [&](const auto& content) -> Result<Layer> {
        using T = std::decay_t<decltype(content)>;
        if constexpr (std::is_same_v<T, plan::WheelLayer>)
          return build_wheel_layer(layer, content, services);
        else if constexpr (std::is_same_v<T, plan::FilesLayer>)
          return build_files_layer(layer, content, services);
        else
          return build_weights_layer(layer, content, services);
      },
      layer.content);
  if (!built) return fail(std::move(built).error().during("making the layer of " + layer.title));
  // The recipe first: whoever finds the layer must find its recipe.
  TRY(services.keys.put(store::Table::recipe, to_string(built->digest),
                        recipe::to_string(*built->recipe)));
  TRY(services.keys.put(store::Table::layer, to_string(layer.key), to_json(*built)));
  return built;
}

// Wheels are checked against each other and the base whenever their combination is new.
Result<void> check_wheels(const plan::ImagePlan& plan, const filetree::FileTree& base,
                          const Services& services) {
  digest::Hasher hasher;
  std::vector<std::pair<const lock::LockedDistribution*, const plan::InstallScheme*>> wheels;
  for (const auto& layer : plan.layers) {
    const auto* content = std::get_if<plan::WheelLayer>(&layer.content);
    if (content == nullptr) continue;
    hasher.update(layer.key.hex());
    for (const auto& wheel : content->wheels) wheels.emplace_back(&wheel, &content->scheme);
  }
  if (wheels.empty()) return {};
  for (const auto& diff_id : plan.base_diff_ids) hasher.update(diff_id.hex());
  const std::string key = "conflicts:" + hasher.finish().hex();
  TRY_ASSIGN(const auto known, services.keys.get(store::Table::layer, key));
  if (known && services.use_cache) return {};

  // Downloads wait on the network, not on a core: more at once than there are cores.
  constexpr int kDownloads = 8;
  std::vector<std::optional<OpenedWheel>> slots(wheels.size());
  TRY(in_parallel(wheels.size(), kDownloads, [&](std::size_t i) -> Result<void> {
    TRY_ASSIGN(auto wheel, open_wheel(*wheels[i].first, *wheels[i].second, services));
    slots[i].emplace(std::move(wheel));
    return {};
  }));
  std::vector<OpenedWheel> opened;
  for (auto& slot : slots) opened.push_back(*std::move(slot));
  TRY(check_conflicts(opened, base));
  return services.keys.put(store::Table::layer, key, "none");
}

}  // namespace

Result<std::vector<Layer>> realise(const plan::ImagePlan& plan, const filetree::FileTree& base,
                                   const Services& services) {
  TRY(check_wheels(plan, base, services));
  std::vector<Layer> layers(plan.layers.size());
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    TRY_ASSIGN(auto cached, find_cached(plan.layers[i], services));
    if (cached)
      layers[i] = *std::move(cached);
    else
      missing.push_back(i);
  }
  TRY(in_parallel(missing.size(), services.threads, [&](std::size_t i) -> Result<void> {
    TRY_ASSIGN(layers[missing[i]], build(plan.layers[missing[i]], services));
    return {};
  }));
  return layers;
}

}  // namespace cogbuild::realise
