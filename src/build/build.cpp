#include "lock_step.hpp"
#include "project_step.hpp"
#include "schema_file.hpp"
#include "window_warnings.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/image/image.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/lock/require_wheels.hpp>
#include <cogbuild/pull/local_image.hpp>
#include <cogbuild/realise/packed_blob.hpp>
#include <cogbuild/realise/realise.hpp>
#include <cogbuild/report/summary_annotations.hpp>

#include <fmt/format.h>

#include <charconv>

namespace cogbuild::build {

namespace {

// A file that a flag names; that it is missing is a mistake on the command line.
Result<std::string> read_named(const char* flag, const std::filesystem::path& file) {
  auto text = io::read_file(file);
  if (!text && text.error().kind() == ErrorKind::not_found)
    return fail(Error(ErrorKind::usage, fmt::format("there is no file `{}`", file.string()))
                    .hint(fmt::format("{} takes the path of a file", flag)));
  return text;
}

// Everything up to the plan, kept together because planning borrows it.
struct Prepared {
  Project project{};
  Locking locking{};
  base::BaseImage base{};
  lock::Lock lock{};
  plan::ImagePlan plan{};
};

// SOURCE_DATE_EPOCH (reproducible-builds.org), where it is set and not empty. Error: usage for what
// is no number of seconds that a tar header can hold.
Result<std::int64_t> epoch(const Services& services, std::int64_t otherwise) {
  constexpr std::int64_t kLatest = (std::int64_t{1} << 33) - 1;
  const auto found = services.environment.find("SOURCE_DATE_EPOCH");
  if (found == services.environment.end() || found->second.empty()) return otherwise;
  std::int64_t seconds = 0;
  const auto& text = found->second;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code == std::errc() && end == text.data() + text.size() && seconds >= 0 && seconds <= kLatest)
    return seconds;
  return fail(Error(ErrorKind::usage,
                    fmt::format("SOURCE_DATE_EPOCH is `{}`, not a number of seconds", text))
                  .hint(fmt::format("set it to a number between 0 and {}, or unset it", kLatest)));
}

Result<plan::PlanOptions> plan_options(const Options& options, const Prepared& prepared,
                                       Services& services) {
  plan::PlanOptions planning;
  planning.compression = options.compression;
  TRY_ASSIGN(planning.mtime_seconds, epoch(services, planning.mtime_seconds));
  planning.gzip_identity = realise::compressor_identity(plan::Compression::gzip);
  planning.stored_identity = realise::compressor_identity(plan::Compression::gzip_stored);
  planning.zstd_identity = realise::compressor_identity(plan::Compression::zstd);
  planning.extra_labels = source_labels(prepared.project.root, services);
  if (const auto* registry = std::get_if<pull::RegistryImage>(&prepared.locking.base))
    planning.base_name = image::to_string(registry->reference);
  if (options.config_file != "cog.yaml") {
    planning.config_file = options.config_file;
    TRY_ASSIGN(planning.config_content, io::read_file(prepared.project.root / options.config_file));
  }
  if (!options.openapi_schema.empty()) {
    TRY_ASSIGN(const std::string text, read_named("--openapi-schema", options.openapi_schema));
    TRY_ASSIGN(planning.openapi_schema, compact_json(text, options.openapi_schema));
  }
  if (!options.tini.empty()) {
    TRY_ASSIGN(planning.tini, read_named("--tini", options.tini));
  }
  return planning;
}

Result<Prepared> prepare(const Options& options, MayWrite may_write, Services& services,
                         Registries& registries) {
  Prepared prepared;
  TRY_ASSIGN(prepared.project, read_project(options, services));
  TRY_ASSIGN(prepared.locking,
             read_locking(options, prepared.project, Unreadable::is_an_error, services));
  TRY_ASSIGN(prepared.base, pull::open_base(prepared.locking.pinned, options.platform,
                                            {.blobs = services.blobs,
                                             .keys = services.keys,
                                             .client_for = registries.as_function(),
                                             .reporter = services.reporter,
                                             .offline = options.offline}));
  TRY(base::check_usable(prepared.base, prepared.project.config.python_version.value));
  TRY(check_base(options, prepared.base, prepared.locking));
  TRY_ASSIGN(prepared.lock, resolve_lock(options, prepared.project, prepared.locking, prepared.base,
                                         may_write, services));
  TRY(lock::require_wheels(prepared.lock));
  TRY_ASSIGN(const auto window_calls,
             warn_of_window_calls(prepared.project, prepared.lock, services));
  for (const auto& warning : window_calls) services.reporter.warn(warning);
  TRY_ASSIGN(const auto planning, plan_options(options, prepared, services));
  TRY_ASSIGN(prepared.plan, plan::plan_image({.config = prepared.project.config,
                                              .lock = prepared.lock,
                                              .listing = prepared.project.listing,
                                              .contents = prepared.project.contents,
                                              .sources = prepared.project.sources,
                                              .compressible = prepared.project.compressible,
                                              .base = prepared.base},
                                             planning));
  return prepared;
}

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

// The base's layers as a report names them, with the unpacked sizes learned from streaming them.
std::vector<report::LayerSummary> summarize_base(const base::BaseImage& base) {
  std::vector<report::LayerSummary> summaries;
  for (std::size_t i = 0; i < base.layers.size(); ++i) {
    auto summary = report::summarize_layer(base.layers[i].descriptor, base.layers[i].diff_id,
                                           base.layers[i].created_by);
    if (i < base.summary.layer_unpacked_bytes.size())
      summary.unpacked_bytes = base.summary.layer_unpacked_bytes[i];
    if (i == 0 && summary.kind == "base" && !base.summary.os_release.empty())
      summary.title = base.summary.os_release;
    summary.origin = "base";
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
             realise::realise(prepared.plan, prepared.base.summary.tree,
                              {.project = tree,
                               .blobs = services.blobs,
                               .keys = services.keys,
                               .fetch = {.http = services.http,
                                         .blobs = services.blobs,
                                         .clock = services.clock,
                                         .reporter = services.reporter,
                                         .offline = options.offline},
                               .wanted = wanted_wheels(prepared.project, prepared.locking,
                                                       prepared.base, services),
                               .clock = services.clock,
                               .reporter = services.reporter,
                               .threads = options.threads,
                               .use_cache = options.use_cache}));

  built.summary.layers = summarize_base(prepared.base);
  // What was learned of the base goes along, so that a report of the image needs no layer of it.
  std::vector<image::Layer> base_layers = prepared.base.layers;
  for (std::size_t i = 0; i < base_layers.size(); ++i)
    base_layers[i].descriptor.annotations = report::to_annotations(built.summary.layers[i]);
  std::vector<image::Layer> image_layers;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    built.summary.layers.push_back(summarize(prepared.plan.layers[i], layers[i]));
    image_layers.push_back(to_image_layer(built.summary.layers.back(), std::move(layers[i])));
  }
  const image::Image image =
      image::assemble(prepared.base.config, base_layers, prepared.plan.config, image_layers,
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
    TRY(push::write_output(whole, reference, output,
                           {.opener = segments, .reporter = services.reporter},
                           {.privileged = options.privileged}));
    services.reporter.note("wrote " + push::to_string(output));
  }
  return built;
}

}  // namespace cogbuild::build
