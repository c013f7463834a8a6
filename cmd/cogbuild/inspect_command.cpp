#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/pull/open_image.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace cogbuild::cmd {

namespace {

struct InspectCommand {
  std::string image{};
  std::string platform = "linux/amd64";
  bool json = false;
};

std::string to_text(const image::Image& image, const image::ImageConfig& config) {
  std::string out =
      fmt::format("digest      {}\nplatform    {}\ncreated     {}\n",
                  to_string(image.manifest.digest), to_string(config.platform), config.created);
  const auto words = [](const std::vector<std::string>& list) {
    return fmt::format("{}", fmt::join(list, " "));
  };
  out += fmt::format("entrypoint  {}\ncommand     {}\ndirectory   {}\n", words(config.entrypoint),
                     words(config.command), config.working_directory);
  for (const auto& [name, value] : config.environment)
    out += fmt::format("env         {}={}\n", name, value);
  for (const auto& [name, value] : config.labels) {
    constexpr std::size_t kShown = 100;
    std::string shown = value.substr(0, kShown) + (value.size() > kShown ? "…" : "");
    for (char& c : shown)
      if (c == '\n') c = ' ';
    out += fmt::format("label       {}={}\n", name, shown);
  }
  for (const auto& layer : image.layers)
    out += fmt::format("layer       {} {} {}\n", to_string(layer.descriptor.digest),
                       in_megabytes(layer.descriptor.size_bytes), layer.created_by);
  return out;
}

Result<void> run_inspect(const InspectCommand& command, Session& session) {
  TRY_ASSIGN(auto* const services, session.services());
  build::Registries registries(*services);
  TRY_ASSIGN(const auto platform, image::parse_platform(command.platform));
  TRY_ASSIGN(auto source, pull::parse_source(command.image));
  TRY_ASSIGN(source, pull::prefer_local(std::move(source), services->keys));
  TRY_ASSIGN(const auto image, pull::open_image(source, platform,
                                                {.blobs = services->blobs,
                                                 .keys = services->keys,
                                                 .client_for = registries.as_function(),
                                                 .reporter = services->reporter}));
  TRY_ASSIGN(const auto config, image::parse_image_config(image.config_json));
  if (!command.json) {
    session.write_result(to_text(image, config));
    return {};
  }
  nlohmann::ordered_json document;
  document["digest"] = to_string(image.manifest.digest);
  document["mediaType"] = image.manifest.media_type;
  document["manifest"] = nlohmann::ordered_json::parse(image.manifest_json);
  document["config"] = nlohmann::ordered_json::parse(image.config_json);
  session.write_result(document.dump(2) + "\n");
  return {};
}

}  // namespace

void add_inspect_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<InspectCommand>();
  CLI::App* sub = app.add_subcommand("inspect", "Show an image's manifest and config");
  sub->add_option("image", command->image, "A local name, REGISTRY/NAME[:TAG], oci:DIR, …")
      ->required();
  sub->add_option("--platform", command->platform, "Which image of an index")
      ->capture_default_str();
  sub->add_flag("--json", command->json, "Print the exact manifest and config");
  sub->callback([command, &session] { session.finish(run_inspect(*command, session)); });
}

}  // namespace cogbuild::cmd
