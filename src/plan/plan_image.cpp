#include "cache_key.hpp"
#include "container_config.hpp"
#include "resolved_directory.hpp"
#include "source_layers.hpp"

#include <cogbuild/plan/group_wheels.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <functional>

namespace cogbuild::plan {

namespace {

// What this version cannot build yet, each with its place in cog.yaml.
Result<void> check_supported(const config::Config& config) {
  const auto refuse = [](const std::string& what, const SourceLocation& location,
                         const std::string& hint) {
    return fail(Error(ErrorKind::unsupported, what).at(location).hint(hint));
  };
  if (!config.system_packages.empty())
    return refuse("`system_packages` cannot be installed by this version",
                  config.system_packages.front().location,
                  "choose a --base that has them, and remove the key");
  if (!config.run_steps.empty())
    return refuse("`run` commands cannot be executed by this version",
                  config.run_steps.front().location,
                  "prepare a base image with their result, and remove the key");
  if (!config.pre_install.empty())
    return refuse("`pre_install` commands cannot be executed by this version",
                  config.pre_install.front().location,
                  "prepare a base image with their result, and remove the key");
  if (!config.weights.empty())
    return refuse("managed `weights` are not supported by this version",
                  config.weights.front().name.location,
                  "put the files into the project; they get layers of their own");
  return {};
}

std::vector<DirectoryAttributes> special_directories(
    const filetree::FileTree& tree, const std::function<bool(const std::string&)>& concerned) {
  std::vector<DirectoryAttributes> special;
  for (const auto& [path, node] : tree.entries())
    if (node.type == filetree::NodeType::directory &&
        (node.mode != 0755 || node.uid != 0 || node.gid != 0) && concerned(path))
      special.push_back({.path = path, .mode = node.mode, .uid = node.uid, .gid = node.gid});
  return special;
}

bool holds(const std::string& directory, const std::string& path) {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

const std::string& identity(const PlanOptions& options, Compression compression) {
  static const std::string kTar = "tar";
  switch (compression) {
    case Compression::none:
      return kTar;
    case Compression::gzip_stored:
      return options.stored_identity;
    case Compression::gzip:
      return options.gzip_identity;
    case Compression::zstd:
      return options.zstd_identity;
  }
  return kTar;
}

Compression ordinary(CompressionChoice choice) {
  if (choice == CompressionChoice::zstd) return Compression::zstd;
  return choice == CompressionChoice::none ? Compression::none : Compression::gzip;
}

// Adds layers to the plan and gives each its time, parents and key.
class Stack {
 public:
  Stack(ImagePlan& plan, const PlanOptions& options) : plan_(plan), options_(options) {}
  void add(LayerPlan layer, std::vector<DirectoryAttributes> parents) {
    layer.mtime_seconds = options_.mtime_seconds;
    layer.parents = std::move(parents);
    layer.key = cache_key(layer, identity(options_, layer.compression));
    plan_.layers.push_back(std::move(layer));
  }

 private:
  ImagePlan& plan_;
  const PlanOptions& options_;
};

}  // namespace

Result<CompressionChoice> parse_compression(const std::string& text) {
  if (text == "auto") return CompressionChoice::automatic;
  if (text == "gzip") return CompressionChoice::gzip;
  if (text == "zstd") return CompressionChoice::zstd;
  if (text == "none") return CompressionChoice::none;
  return fail(Error(ErrorKind::usage, fmt::format("`{}` is not a compression", text))
                  .hint("allowed are auto, gzip, zstd and none"));
}

Result<ImagePlan> plan_image(const PlanInputs& inputs, const PlanOptions& options) {
  TRY(check_supported(inputs.config));
  const auto& tree = inputs.base.summary.tree;
  TRY_ASSIGN(const InstallScheme scheme, install_scheme(inputs.base.summary));
  TRY_ASSIGN(FilesLayer links, runtime_links(inputs, options));
  TRY_ASSIGN(const std::string source_directory, resolved_directory(tree, "src"));

  ImagePlan plan;
  plan.config = container_config(inputs, options);
  plan.base_diff_ids = inputs.base.config.diff_ids;
  plan.annotations = {
      {"org.opencontainers.image.base.digest", to_string(inputs.base.manifest.digest)},
      {"org.opencontainers.image.created", plan.config.created}};
  if (!options.base_name.empty())
    plan.annotations["org.opencontainers.image.base.name"] = options.base_name;

  // Room for the code layer and the links; the rest is shared between wheels and weights.
  const std::size_t taken = inputs.base.layers.size() + 2;
  const std::size_t room = options.max_layers > taken + 2 ? options.max_layers - taken : 2;
  const auto groups =
      group_wheels(inputs.lock.distributions, room > 40 ? room - 32 : (room + 1) / 2);

  Stack stack(plan, options);
  const Compression ordinary_compression = ordinary(options.compression);
  const auto wheel_parents = special_directories(tree, [&](const std::string& path) {
    return path == scheme.data_directory || holds(scheme.data_directory, path) ||
           holds(path, scheme.data_directory);
  });
  for (const auto& group : groups)
    stack.add({.kind = group.kind,
               .title = group.title,
               .compression = ordinary_compression,
               .content = WheelLayer{.wheels = group.wheels, .scheme = scheme}},
              wheel_parents);

  if (!links.files.empty()) {
    auto parents = special_directories(tree, [&](const std::string& path) {
      return std::ranges::any_of(links.files,
                                 [&](const PlannedFile& file) { return holds(path, file.path); });
    });
    stack.add({.kind = LayerKind::runtime,
               .title = "links for tini and python",
               .compression = ordinary_compression,
               .content = std::move(links)},
              std::move(parents));
  }

  const auto source_parents = special_directories(tree, [&](const std::string& path) {
    return path == source_directory || holds(path, source_directory) ||
           holds(source_directory, path);
  });
  const std::size_t left = room > groups.size() ? room - groups.size() : 1;
  for (auto& layer : weights_layers(inputs, options, source_directory, left))
    stack.add(std::move(layer), source_parents);
  stack.add({.kind = LayerKind::code,
             .title = "project code",
             .compression = ordinary_compression,
             .content = code_layer(inputs, options, source_directory)},
            source_parents);
  return plan;
}

}  // namespace cogbuild::plan
