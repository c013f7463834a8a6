#include "source_layers.hpp"

#include <cogbuild/base/find_tini.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

namespace cogbuild::plan {

namespace {

bool exists(const filetree::FileTree& tree, const std::string& path) {
  const auto canonical = tree.canonical(path);
  return canonical && tree.find(*canonical) != nullptr;
}

bool python_on_path(const base::BaseImage& base) {
  const std::string* path = image::find_environment(base.config, "PATH");
  std::string_view rest =
      path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : std::string_view(*path);
  while (!rest.empty()) {
    const auto colon = std::min(rest.find(':'), rest.size());
    auto directory = rest.substr(0, colon);
    rest.remove_prefix(std::min(colon + 1, rest.size()));
    if (!directory.starts_with('/')) continue;
    directory.remove_prefix(1);
    if (exists(base.summary.tree, std::string(directory) + "/python")) return true;
  }
  return false;
}

Result<void> add_tini(const PlanInputs& inputs, const PlanOptions& options, FilesLayer& layer) {
  const auto& tree = inputs.base.summary.tree;
  const auto found = base::find_tini(tree);
  if (found == "sbin/tini") return {};
  TRY_ASSIGN(const std::string path, tree.canonical("sbin/tini"));
  if (options.tini) {
    layer.files.push_back({.path = path, .mode = 0755, .content = *options.tini});
    return {};
  }
  if (found) {
    layer.files.push_back(
        {.path = path, .kind = PlannedFile::Kind::symlink, .mode = 0777, .content = "/" + *found});
    return {};
  }
  return fail(
      Error(ErrorKind::config, "the base image has no tini, which starts the model server")
          .hint("choose a base with the tini package, or give a static tini with --tini FILE"));
}

Compression weights_compression(CompressionChoice choice, bool compressible) {
  switch (choice) {
    case CompressionChoice::gzip:
      return Compression::gzip_stored;
    case CompressionChoice::zstd:
      return compressible ? Compression::zstd : Compression::none;
    case CompressionChoice::automatic:
    case CompressionChoice::none:
      break;
  }
  return Compression::none;
}

std::uint64_t bytes_of(const LayerPlan& layer) {
  std::uint64_t bytes = 0;
  for (const auto& file : std::get<WeightsLayer>(layer.content).files)
    if (file.hardlink_to.empty()) bytes += file.stamp.size_bytes;
  return bytes;
}

// Joins the neighbours that are smallest together until few enough are left.
void merge_down(std::vector<LayerPlan>& layers, std::size_t max_layers) {
  while (layers.size() > std::max<std::size_t>(max_layers, 1)) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < layers.size(); ++i)
      if (bytes_of(layers[i]) + bytes_of(layers[i + 1]) <
          bytes_of(layers[best]) + bytes_of(layers[best + 1]))
        best = i;
    auto& into = std::get<WeightsLayer>(layers[best].content).files;
    auto& from = std::get<WeightsLayer>(layers[best + 1].content).files;
    into.insert(into.end(), from.begin(), from.end());
    layers[best].title = fmt::format("{} and {} more", into.front().project_path, into.size() - 1);
    layers.erase(layers.begin() + static_cast<std::ptrdiff_t>(best) + 1);
  }
}

}  // namespace

Result<FilesLayer> runtime_links(const PlanInputs& inputs, const PlanOptions& options) {
  FilesLayer layer;
  TRY(add_tini(inputs, options, layer));
  if (!python_on_path(inputs.base) && inputs.base.summary.interpreter) {
    TRY_ASSIGN(const std::string path, inputs.base.summary.tree.canonical("usr/local/bin/python"));
    layer.files.push_back({.path = path,
                           .kind = PlannedFile::Kind::symlink,
                           .mode = 0777,
                           .content = inputs.base.summary.interpreter->path});
  }
  std::ranges::sort(layer.files, {}, &PlannedFile::path);
  return layer;
}

std::vector<LayerPlan> weights_layers(const PlanInputs& inputs, const PlanOptions& options,
                                      const std::string& source_directory, std::size_t max_layers) {
  std::vector<LayerPlan> layers;
  std::map<std::pair<std::uint64_t, std::uint64_t>, std::size_t> by_inode;
  for (const auto& file : inputs.listing.files) {
    if (file.role != project::FileRole::weights) continue;
    PlannedWeights weights{.path = source_directory + "/" + file.path,
                           .project_path = file.path,
                           .source = inputs.sources.at(file.path),
                           .executable = file.executable,
                           .stamp = file.stamp};
    const bool linked = file.link_count > 1;
    const std::pair inode{file.stamp.device, file.stamp.inode};
    if (const auto known = by_inode.find(inode); linked && known != by_inode.end()) {
      auto& first = std::get<WeightsLayer>(layers[known->second].content).files;
      weights.hardlink_to = first.front().path;
      first.push_back(std::move(weights));
      continue;
    }
    if (linked) by_inode.emplace(inode, layers.size());
    const auto compressible = inputs.compressible.find(file.path);
    layers.push_back({.kind = LayerKind::weights,
                      .title = file.path,
                      .compression = weights_compression(
                          options.compression,
                          compressible == inputs.compressible.end() || compressible->second),
                      .content = WeightsLayer{.files = {std::move(weights)}}});
  }
  merge_down(layers, max_layers);
  return layers;
}

FilesLayer code_layer(const PlanInputs& inputs, const PlanOptions& options,
                      const std::string& source_directory) {
  FilesLayer layer;
  const auto place = [&](const std::string& path) { return source_directory + "/" + path; };
  std::map<std::string, PlannedFile> files;
  files[source_directory] = {
      .path = source_directory, .kind = PlannedFile::Kind::directory, .mode = 0755};
  for (const auto& file : inputs.listing.files) {
    if (file.role == project::FileRole::weights) continue;
    const std::string path = place(file.path);
    switch (file.type) {
      case io::FileType::directory:
        files[path] = {.path = path, .kind = PlannedFile::Kind::directory, .mode = 0755};
        break;
      case io::FileType::symlink:
        files[path] = {.path = path,
                       .kind = PlannedFile::Kind::symlink,
                       .mode = 0777,
                       .content = file.link_target};
        break;
      case io::FileType::regular:
        files[path] = {.path = path,
                       .kind = PlannedFile::Kind::project_file,
                       .mode = file.executable ? 0755U : 0644U,
                       .project_path = file.path,
                       .digest = inputs.contents.at(file.path),
                       .stamp = file.stamp};
        break;
      case io::FileType::other:
        break;
    }
  }
  const auto generate = [&](const std::string& path, const std::string& content) {
    files[place(path)] = {.path = place(path), .content = content};
  };
  if (options.config_content) generate("cog.yaml", *options.config_content);
  if (options.openapi_schema) generate(".cog/openapi_schema.json", *options.openapi_schema);
  for (auto& [path, file] : files) layer.files.push_back(std::move(file));
  return layer;
}

}  // namespace cogbuild::plan
