#include "container_config.hpp"
#include "layer_stack.hpp"
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

  LayerStack stack(plan.layers, options);
  const Compression ordinary = ordinary_compression(options.compression);
  const auto wheel_parents = special_directories(tree, [&](const std::string& path) {
    return path == scheme.data_directory || holds(scheme.data_directory, path) ||
           holds(path, scheme.data_directory);
  });
  for (const auto& group : groups)
    stack.add({.kind = group.kind,
               .title = group.title,
               .compression = ordinary,
               .content = WheelLayer{.wheels = group.wheels, .scheme = scheme}},
              wheel_parents);

  if (!links.files.empty()) {
    auto parents = special_directories(tree, [&](const std::string& path) {
      return std::ranges::any_of(links.files,
                                 [&](const PlannedFile& file) { return holds(path, file.path); });
    });
    stack.add({.kind = LayerKind::runtime,
               .title = "links for tini and python",
               .compression = ordinary,
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
             .compression = ordinary,
             .content = code_layer(inputs, options, source_directory)},
            source_parents);
  return plan;
}

}  // namespace cogbuild::plan
