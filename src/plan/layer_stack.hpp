#pragma once

#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <string>
#include <utility>
#include <vector>

namespace cogbuild::plan {

// What layers that are not weights are compressed with.
Compression ordinary_compression(CompressionChoice choice);
const std::string& compressor_identity(const PlanOptions& options, Compression compression);

// Adds layers to a list and gives each its time, parents and key.
class LayerStack {
 public:
  LayerStack(std::vector<LayerPlan>& layers, const PlanOptions& options)
      : layers_(layers), options_(options) {}
  void add(LayerPlan layer, std::vector<DirectoryAttributes> parents);

 private:
  std::vector<LayerPlan>& layers_;
  const PlanOptions& options_;
};

}  // namespace cogbuild::plan
