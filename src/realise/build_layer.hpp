#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/realise/layer.hpp>
#include <cogbuild/realise/packed_blob.hpp>
#include <cogbuild/realise/realise.hpp>
#include <cogbuild/realise/wheel_layout.hpp>

#include <memory>
#include <vector>

namespace cogbuild::realise {

// A wheel in the store, with its directory read and its files laid out.
struct OpenedWheel {
  const lock::LockedDistribution* distribution = nullptr;
  archive::ZipDirectory zip;
  WheelLayout layout{};
};

using OpenedWheels = std::vector<std::shared_ptr<const OpenedWheel>>;

// Makes sure the wheel is in the store and lays it out. Warnings go to the reporter.
Result<OpenedWheel> open_wheel(const lock::LockedDistribution& distribution,
                               const plan::InstallScheme& scheme, const Services& services);

// The layer of each kind, made anew. No cache is consulted here.
Result<Layer> build_wheel_layer(const plan::LayerPlan& layer, const OpenedWheels& opened,
                                const Services& services);
Result<Layer> build_files_layer(const plan::LayerPlan& layer, const plan::FilesLayer& files,
                                const Services& services);
Result<Layer> build_weights_layer(const plan::LayerPlan& layer, const plan::WeightsLayer& weights,
                                  const Services& services);

struct WantedDeb;
class DebShelf;
// `packages` in the order in which their files are written, all prepared on the shelf.
Result<Layer> build_deb_layer(const plan::LayerPlan& layer, const std::vector<WantedDeb>& packages,
                              const DebShelf& shelf, const filetree::FileTree& base,
                              const Services& services);
Result<Layer> build_configuration_layer(const plan::LayerPlan& layer,
                                        const plan::ConfigurationLayer& content,
                                        const DebShelf& shelf, const base::TreeSummary& base,
                                        const Services& services);
Result<Layer> build_standalone_python_layer(const plan::LayerPlan& layer,
                                            const plan::StandalonePythonLayer& content,
                                            const Services& services);

// Descriptor, diff_id and the like of a finished blob.
Layer to_layer(plan::Compression compression, PackedBlob::Finished finished,
               std::vector<ContentItem> items);

// Refuses wheels that own one path with different content, within a layer or across layers, and
// paths that would hide a directory of the base or turn a file of it into a directory.
Result<void> check_conflicts(const OpenedWheels& wheels, const filetree::FileTree& base);

}  // namespace cogbuild::realise
