#pragma once

#include <cogbuild/image/image.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/realise/layer.hpp>
#include <cogbuild/report/model.hpp>

namespace cogbuild::compose {

// A realised layer as reports tell of it.
report::LayerSummary summarize(const plan::LayerPlan& plan, const realise::Layer& layer);

// The same as a layer of an image, with the summary in its annotations. A layer found in the cache
// has no segments in its recipe: the store keeps them.
image::Layer to_image_layer(const report::LayerSummary& summary, realise::Layer layer);

}  // namespace cogbuild::compose
