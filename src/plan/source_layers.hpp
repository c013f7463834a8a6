#pragma once

#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <cstddef>
#include <vector>

namespace cogbuild::plan {

// What the base lacks for Cog's command line to work: `/sbin/tini` and `python`. Empty when it has
// both. Error: config, when there is no tini at all.
Result<FilesLayer> runtime_links(const PlanInputs& inputs, const PlanOptions& options);

// Weights files in path order, one layer each while at most `max_layers` are allowed; beyond that
// the smallest neighbours share one. Hard links to one file stand in its layer.
std::vector<LayerPlan> weights_layers(const PlanInputs& inputs, const PlanOptions& options,
                                      const std::string& source_directory, std::size_t max_layers);

// Everything else of the project below `source_directory`, and the files cogbuild generates there.
FilesLayer code_layer(const PlanInputs& inputs, const PlanOptions& options,
                      const std::string& source_directory);

}  // namespace cogbuild::plan
