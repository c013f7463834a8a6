#include <cogbuild/compose/image_layer.hpp>
#include <cogbuild/report/summary_annotations.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::compose {

report::LayerSummary summarize(const plan::LayerPlan& plan, const realise::Layer& layer) {
  report::LayerSummary summary{.kind = std::string(plan::to_string(plan.kind)),
                               .title = plan.title,
                               .media_type = layer.media_type,
                               .digest = layer.digest,
                               .diff_id = layer.diff_id,
                               .compressed_bytes = layer.size_bytes,
                               .unpacked_bytes = layer.unpacked_bytes,
                               .origin = layer.recipe ? "new" : "cached"};
  for (const auto& item : layer.items)
    summary.items.push_back({.kind = item.kind,
                             .name = item.name,
                             .version = item.version,
                             .unpacked_bytes = item.unpacked_bytes});
  return summary;
}

image::Layer to_image_layer(const report::LayerSummary& summary, realise::Layer layer) {
  return {.descriptor = {.media_type = layer.media_type,
                         .digest = layer.digest,
                         .size_bytes = layer.size_bytes,
                         .annotations = report::to_annotations(summary)},
          .diff_id = layer.diff_id,
          .recipe = layer.recipe
                        ? *std::move(layer.recipe)
                        : recipe::Recipe{.digest = layer.digest, .size_bytes = layer.size_bytes},
          .created_by = fmt::format("cogbuild: {} {}", summary.kind, summary.title)};
}

}  // namespace cogbuild::compose
