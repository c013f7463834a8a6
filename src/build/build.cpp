#include "lock_step.hpp"
#include "plan_options.hpp"
#include "project_step.hpp"
#include "root_step.hpp"
#include "window_warnings.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/compose/image_layer.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/lock/require_wheels.hpp>
#include <cogbuild/pull/local_image.hpp>
#include <cogbuild/realise/realise.hpp>
#include <cogbuild/report/summary_annotations.hpp>

#include <fmt/format.h>

namespace cogbuild::build {

namespace {

// Everything up to the plan, kept together because planning borrows it.
struct Prepared {
  Project project{};
  Locking locking{};
  Root root{};
  lock::Lock lock{};
  plan::ImagePlan plan{};
};

// The root and the lock of what is wished for, and how layers are then planned.
Result<plan::PlanOptions> settle(const Options& options, MayWrite may_write, Services& services,
                                 Registries& registries, Prepared& prepared) {
  TRY_ASSIGN(auto planning, plan_options(options, prepared.project, prepared.locking, services));
  TRY_ASSIGN(prepared.root, open_root({.options = options,
                                       .project = prepared.project,
                                       .wish = prepared.locking.root,
                                       .locked = prepared.locking.files.project,
                                       .planning = planning,
                                       .for_resolving = prepared.locking.is_provisional},
                                      registries, services));
  TRY(base::check_usable(prepared.root.base, prepared.project.config.python_version.value));
  TRY(check_root(options, prepared.root, prepared.locking));
  TRY_ASSIGN(prepared.lock, resolve_lock(options, prepared.project, prepared.locking, prepared.root,
                                         may_write, services));
  return planning;
}

Result<Prepared> prepare(const Options& options, MayWrite may_write, Services& services,
                         Registries& registries) {
  Prepared prepared;
  TRY_ASSIGN(prepared.project, read_project(options, services));
  TRY_ASSIGN(prepared.locking,
             read_locking(options, prepared.project, Unreadable::is_an_error, services));
  TRY_ASSIGN(auto planning, settle(options, may_write, services, registries, prepared));
  // Which libraries the GPU frameworks bring is known now, and may ask for another base.
  if (prepared.project.config.gpu) {
    TRY_ASSIGN(auto again, read_locking(options, prepared.project, Unreadable::is_an_error,
                                        services, &prepared.lock));
    if (prepared.locking.is_provisional ||
        again.root.reference != prepared.locking.root.reference) {
      prepared.locking = std::move(again);
      TRY_ASSIGN(planning, settle(options, may_write, services, registries, prepared));
    }
  }
  TRY(lock::require_wheels(prepared.lock));
  TRY_ASSIGN(const auto window_calls,
             warn_of_window_calls(prepared.project, prepared.lock, services));
  for (const auto& warning : window_calls) services.reporter.warn(warning);
  TRY_ASSIGN(prepared.plan, plan::plan_image({.config = prepared.project.config,
                                              .lock = prepared.lock,
                                              .listing = prepared.project.listing,
                                              .contents = prepared.project.contents,
                                              .sources = prepared.project.sources,
                                              .compressible = prepared.project.compressible,
                                              .base = prepared.root.base,
                                              .base_layers = prepared.root.base_layers},
                                             planning));
  return prepared;
}

// A layer that was just made comes with its recipe; one of the cache has it in the store.
std::string origin_of(const Root& root, std::size_t layer) {
  if (layer < root.image_layers) return "base";
  return root.base.layers[layer].recipe.segments.empty() ? "cached" : "new";
}

// The layers below the Python distributions as a report names them, with the unpacked sizes learned
// from streaming them.
std::vector<report::LayerSummary> summarize_root(const Root& root) {
  const base::BaseImage& base = root.base;
  std::vector<report::LayerSummary> summaries;
  for (std::size_t i = 0; i < base.layers.size(); ++i) {
    auto summary = report::summarize_layer(base.layers[i].descriptor, base.layers[i].diff_id,
                                           base.layers[i].created_by);
    if (i < base.summary.layer_unpacked_bytes.size())
      summary.unpacked_bytes = base.summary.layer_unpacked_bytes[i];
    if (i == 0 && root.image_layers > 0 && summary.kind == "base" &&
        !base.summary.os_release.empty())
      summary.title = base.summary.os_release;
    summary.origin = origin_of(root, i);
    summaries.push_back(std::move(summary));
  }
  return summaries;
}

}  // namespace

Result<std::string> image_name(const Options& options) {
  progress::Silent silent;
  if (!options.tag.empty()) return options.tag;
  TRY_ASSIGN(const Project project, read_config(options, silent));
  if (!project.config.image.value.empty()) return project.config.image.value;
  if (!project.config.model.value.empty()) return project.config.model.value;
  return config::default_image_name(project.root.filename().string());
}

Result<std::vector<std::string>> explain_base(const Options& options, Services& services) {
  TRY_ASSIGN(const Project project, read_config(options, services.reporter));
  TRY_ASSIGN(Locking locking,
             read_locking(options, project, Unreadable::is_absent_with_a_warning, services));
  if (!locking.is_provisional) return locking.root.explanation;
  Registries registries(services);
  Prepared prepared{.project = project, .locking = std::move(locking)};
  TRY(settle(options, MayWrite::no, services, registries, prepared));
  TRY_ASSIGN(locking, read_locking(options, project, Unreadable::is_absent_with_a_warning, services,
                                   &prepared.lock));
  return locking.root.explanation;
}

Result<plan::ImagePlan> plan(const Options& options, Services& services) {
  Registries registries(services);
  TRY_ASSIGN(Prepared prepared, prepare(options, MayWrite::no, services, registries));
  return std::move(prepared.plan);
}

Result<Built> build(const Options& options, Services& services) {
  Registries registries(services);
  Built built;
  TRY_ASSIGN(built.name, image_name(options));
  TRY_ASSIGN(const auto reference, image::parse_reference(built.name));
  TRY_ASSIGN(const Prepared prepared, prepare(options, MayWrite::lock_files, services, registries));
  const io::DiskTree tree(prepared.project.root);

  TRY_ASSIGN(auto layers,
             realise::realise(prepared.plan, prepared.root.base.summary,
                              {.project = tree,
                               .blobs = services.blobs,
                               .keys = services.keys,
                               .fetch = {.http = services.http,
                                         .blobs = services.blobs,
                                         .clock = services.clock,
                                         .reporter = services.reporter,
                                         .offline = options.offline},
                               .wanted = wanted_wheels(prepared.project, prepared.locking,
                                                       prepared.root.base, services),
                               .fetch_debs = {},
                               .wanted_python = {},
                               .clock = services.clock,
                               .reporter = services.reporter,
                               .threads = options.threads,
                               .use_cache = options.use_cache}));

  built.summary.layers = summarize_root(prepared.root);
  // What was learned of the base goes along, so that a report of the image needs no layer of it.
  std::vector<image::Layer> base_layers = prepared.root.base.layers;
  for (std::size_t i = 0; i < base_layers.size(); ++i)
    base_layers[i].descriptor.annotations = report::to_annotations(built.summary.layers[i]);
  std::vector<image::Layer> image_layers;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    built.summary.layers.push_back(compose::summarize(prepared.plan.layers[i], layers[i]));
    image_layers.push_back(
        compose::to_image_layer(built.summary.layers.back(), std::move(layers[i])));
  }
  const image::Image image =
      image::assemble(prepared.root.base.config, base_layers, prepared.plan.config, image_layers,
                      prepared.plan.annotations);
  TRY(pull::save_image(image, built.name, services.blobs, services.keys));
  built.manifest = image.manifest.digest;
  built.summary.name = built.name;
  built.summary.digest = image.manifest.digest;
  built.summary.manifest_bytes = image.manifest_json.size() + image.config_json.size();

  if (options.outputs.empty()) return built;
  TRY_ASSIGN(const image::Image whole, pull::load_image(built.name, services.blobs, services.keys));
  pull::SegmentSources segments(services.blobs, registries.as_function());
  for (const auto& output : options.outputs) {
    const auto written = push::write_output(whole, reference, output,
                                            {.opener = segments, .reporter = services.reporter},
                                            {.privileged = options.privileged});
    if (!written && written.error().kind() == ErrorKind::integrity)
      return fail(
          Error(written.error()).hint("if the cache is damaged, --no-cache makes its layers anew"));
    if (!written) return fail(written.error());
    services.reporter.note("wrote " + push::to_string(output));
  }
  return built;
}

}  // namespace cogbuild::build
