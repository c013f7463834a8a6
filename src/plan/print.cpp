#include <cogbuild/plan/plan_image.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iterator>
#include <variant>

namespace cogbuild::plan {

std::string_view to_string(LayerKind kind) {
  switch (kind) {
    case LayerKind::base:
      return "base";
    case LayerKind::system:
      return "system";
    case LayerKind::python:
      return "python";
    case LayerKind::runtime:
      return "runtime";
    case LayerKind::run:
      return "run";
    case LayerKind::weights:
      return "weights";
    case LayerKind::code:
      return "code";
  }
  return "code";
}

namespace {

std::string_view to_string(Compression compression) {
  switch (compression) {
    case Compression::none:
      return "none";
    case Compression::gzip_stored:
      return "gzip (stored)";
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
  }
  return "none";
}

std::vector<std::string> contents(const LayerContent& content) {
  std::vector<std::string> out;
  if (const auto* wheels = std::get_if<WheelLayer>(&content))
    for (const auto& wheel : wheels->wheels) out.push_back(wheel.file_name);
  if (const auto* weights = std::get_if<WeightsLayer>(&content))
    for (const auto& file : weights->files) out.push_back("/" + file.path);
  if (const auto* files = std::get_if<FilesLayer>(&content))
    for (const auto& file : files->files)
      out.push_back("/" + file.path +
                    (file.kind == PlannedFile::Kind::symlink ? " -> " + file.content : ""));
  const auto add_packages = [&out](const std::vector<lock::LockedDeb>& packages) {
    for (const auto& package : packages)
      out.push_back(fmt::format("{} {} {}", package.name, package.version, package.architecture));
  };
  if (const auto* debs = std::get_if<DebLayer>(&content)) add_packages(debs->packages);
  if (const auto* configuration = std::get_if<ConfigurationLayer>(&content)) {
    add_packages(configuration->packages);
    for (const auto& file : configuration->extra) out.push_back("/" + file.path);
  }
  if (const auto* standalone = std::get_if<StandalonePythonLayer>(&content))
    out.push_back(fmt::format("CPython {} -> /{}", standalone->python.version, standalone->prefix));
  return out;
}

}  // namespace

std::string to_text(const ImagePlan& plan) {
  std::string out;
  const auto print = std::back_inserter(out);
  for (const auto& layer : plan.layers) {
    fmt::format_to(print, "{:8} {:14} {}\n", to_string(layer.kind), to_string(layer.compression),
                   layer.title);
    fmt::format_to(print, "         key {}\n", layer.key.hex());
    for (const auto& line : contents(layer.content)) fmt::format_to(print, "         {}\n", line);
  }
  fmt::format_to(print, "config   {}\n", image::to_json(plan.config));
  return out;
}

std::string to_json(const ImagePlan& plan) {
  nlohmann::ordered_json document;
  document["schema"] = "cogbuild.plan/1";
  document["layers"] = nlohmann::ordered_json::array();
  for (const auto& layer : plan.layers) {
    nlohmann::ordered_json entry;
    entry["kind"] = to_string(layer.kind);
    entry["title"] = layer.title;
    entry["compression"] = to_string(layer.compression);
    entry["key"] = layer.key.hex();
    entry["contents"] = contents(layer.content);
    document["layers"].push_back(std::move(entry));
  }
  document["config"] = nlohmann::ordered_json::parse(image::to_json(plan.config));
  return document.dump(2);
}

}  // namespace cogbuild::plan
