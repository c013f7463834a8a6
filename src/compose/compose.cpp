#include "apt_services.hpp"

#include <cogbuild/base/standalone_python.hpp>
#include <cogbuild/compose/compose.hpp>
#include <cogbuild/compose/image_layer.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/plan/plan_system.hpp>
#include <cogbuild/pull/extend_base.hpp>
#include <cogbuild/realise/realise.hpp>

#include <fmt/format.h>

#include <utility>

namespace cogbuild::compose {

namespace {

Result<std::vector<realise::Layer>> realise_layers(const std::vector<plan::LayerPlan>& layers,
                                                   const base::BaseImage& below,
                                                   const Composition& composition,
                                                   const Services& services) {
  const io::MemoryTree no_project({});
  plan::ImagePlan plan;
  plan.layers = layers;
  plan.base_diff_ids = below.config.diff_ids;
  return realise::realise(
      plan, below.summary,
      {.project = no_project,
       .blobs = services.blobs,
       .keys = services.keys,
       .fetch = {.http = services.http,
                 .blobs = services.blobs,
                 .clock = services.clock,
                 .reporter = services.reporter,
                 .offline = services.offline},
       .wanted = {},
       .fetch_debs = [&](std::span<const lock::LockedDeb> debs) -> Result<void> {
         TRY_ASSIGN(const auto mirrors, composition.origins.mirrors());
         return apt::fetch_packages(debs, composition.system.archives, mirrors,
                                    apt_services(services));
       },
       .wanted_python = [&](const lock::LockedPython& python) -> Result<fetch::Wanted> {
         fetch::Wanted wanted{
             .label = "python " + python.version,
             .location = base::mirrored(python.location, composition.origins.python_mirror),
             .digest = python.digest};
         if (python.size_bytes > 0) wanted.size_bytes = python.size_bytes;
         return wanted;
       },
       .clock = services.clock,
       .reporter = services.reporter,
       .threads = services.threads,
       .use_cache = services.use_cache});
}

// A build that cannot be had is what is likeliest to be missing: it lies outside of the archives.
Error with_python_hint(Error error, const lock::SystemLock& system) {
  const bool unreachable =
      error.kind() == ErrorKind::network || error.kind() == ErrorKind::not_found;
  const bool of_python =
      system.python && error.message().find(system.python->version) != std::string::npos;
  if (!unreachable || !of_python) return error;
  return std::move(error).hint(
      "a mirror of the builds (`python.mirror` in cogbuild.yaml, or UV_PYTHON_INSTALL_MIRROR) or "
      "an archive of your own (`python.archive`) takes their place");
}

Result<base::BaseImage> put_on(base::BaseImage below, const std::vector<plan::LayerPlan>& layers,
                               const Composition& composition, const Services& services) {
  auto realised_layers = realise_layers(layers, below, composition, services);
  if (!realised_layers)
    return fail(with_python_hint(std::move(realised_layers).error(), composition.system));
  auto& realised = *realised_layers;
  std::vector<image::Layer> image_layers;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto summary = summarize(layers[i], realised[i]);
    image_layers.push_back(to_image_layer(summary, std::move(realised[i])));
  }
  return pull::extend_base(std::move(below), image_layers,
                           {.blobs = services.blobs,
                            .keys = services.keys,
                            .reporter = services.reporter,
                            .offline = services.offline});
}

plan::SystemInputs system_inputs(const Composition& composition, const base::BaseImage& below) {
  return {.system = composition.system,
          .below = below,
          .configuring = composition.configuring,
          .keep_docs = composition.keep_docs,
          .extra = composition.extra,
          .left_out = composition.left_out};
}

}  // namespace

Result<base::BaseImage> compose_base(const Composition& composition, image::ImageConfig config,
                                     const plan::PlanOptions& planning, const Services& services) {
  base::BaseImage nothing{.name = "debian:" + composition.system.suite};
  nothing.config = std::move(config);
  const auto layers = plan::plan_base_layers(system_inputs(composition, nothing), planning);
  auto base = put_on(std::move(nothing), layers, composition, services);
  if (!base) return fail(std::move(base).error().during("composing the base"));
  return base;
}

Result<base::BaseImage> add_python(base::BaseImage below, const Composition& composition,
                                   const plan::PlanOptions& planning, const Services& services) {
  if (!composition.system.python) return below;
  const auto layers = plan::plan_python_layers(*composition.system.python, planning);
  auto base = put_on(std::move(below), layers, composition, services);
  if (!base) return fail(std::move(base).error().during("adding Python to the base"));
  return base;
}

Result<base::BaseImage> add_system_packages(base::BaseImage below, const Composition& composition,
                                            const plan::PlanOptions& planning,
                                            const Services& services) {
  TRY_ASSIGN(const auto layers,
             plan::plan_system_layers(system_inputs(composition, below), planning));
  if (layers.empty()) return below;
  auto base = put_on(std::move(below), layers, composition, services);
  if (!base) return fail(std::move(base).error().during("installing system_packages"));
  return base;
}

}  // namespace cogbuild::compose
