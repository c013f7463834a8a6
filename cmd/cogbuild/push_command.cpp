#include "build_flags.hpp"
#include "commands.hpp"
#include "session.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/pull/open_image.hpp>
#include <cogbuild/push/registry_push.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <chrono>
#include <memory>

namespace cogbuild::cmd {

namespace {

struct PushCommand {
  BuildFlags flags{};
  std::vector<std::string> images{};  // [SOURCE] [DESTINATION]
  bool insecure = false;
};

Result<void> push_image(const std::string& source, const image::Reference& destination,
                        build::Registries& registries, Session& session,
                        build::Services& services) {
  const auto begun = std::chrono::steady_clock::now();
  TRY_ASSIGN(auto parsed, pull::parse_source(source));
  TRY_ASSIGN(parsed, pull::prefer_local(std::move(parsed), services.keys));
  TRY_ASSIGN(const auto image, pull::open_image(parsed, {},
                                                {.blobs = services.blobs,
                                                 .keys = services.keys,
                                                 .client_for = registries.as_function(),
                                                 .reporter = services.reporter}));
  TRY_ASSIGN(auto* const client, registries.client_for(destination.registry));
  pull::SegmentSources segments(services.blobs, registries.as_function());
  TRY_ASSIGN(const auto summary, push::push_to_registry(image, destination,
                                                        {.client = *client,
                                                         .opener = segments,
                                                         .seen = services.keys,
                                                         .reporter = services.reporter,
                                                         .clock = services.clock}));
  std::size_t uploaded = 0;
  for (const auto& blob : summary.blobs)
    if (blob.outcome == registry::BlobOutcome::uploaded) ++uploaded;
  session.terminal().note(fmt::format(
      "pushed {}: {} in {} of {} blobs sent, {} requests, {:.2f} s", to_string(destination),
      in_megabytes(summary.uploaded_bytes), uploaded, summary.blobs.size(), summary.request_count,
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()));
  session.write_result(to_string(image.manifest.digest) + "\n");
  return {};
}

Result<void> run_push(const PushCommand& command, Session& session) {
  if (command.flags.quiet) session.set_verbosity(Verbosity::quiet);
  if (command.flags.verbose) session.set_verbosity(Verbosity::verbose);
  session.set_insecure(command.insecure);
  TRY_ASSIGN(auto options, to_options(command.flags));
  TRY_ASSIGN(const auto request, to_request(command.flags.report, session));
  TRY_ASSIGN(auto* const services, session.services());
  build::Registries registries(*services);
  if (command.images.size() == 2) {
    const auto& report = command.flags.report;
    if (!report.files.empty() || !report.budgets.empty() || !report.compare.empty())
      return fail(Error(ErrorKind::usage, "--report, --budget and --compare are for what is built")
                      .hint(fmt::format("cogbuild report {}", command.images[0])));
    TRY_ASSIGN(const auto destination, image::parse_reference(command.images[1]));
    return push_image(command.images[0], destination, registries, session, *services);
  }
  if (command.images.size() == 1) options.tag = command.images[0];
  TRY_ASSIGN(const std::string name, build::image_name(options));
  TRY_ASSIGN(const auto destination, image::parse_reference(name));
  if (command.images.empty() && destination.registry == "docker.io" &&
      name.find('/') == std::string::npos)
    return fail(
        Error(ErrorKind::usage, "there is no registry to push to")
            .hint("cogbuild push REGISTRY/NAME, or set `image: REGISTRY/NAME` in cog.yaml"));
  // Missing rights are told before minutes of building, not after.
  TRY_ASSIGN(auto* const client, registries.client_for(destination.registry));
  TRY(client->check_push_rights(destination));
  options.tag = name;
  TRY_ASSIGN(auto built, build::build(options, *services));
  TRY_ASSIGN(const auto report, make_report(std::move(built.summary), request, *services));
  TRY(write_files(report, request.files));
  // What is over its budget is not pushed.
  TRY(enforce_budgets(report, session));
  return push_image(name, destination, registries, session, *services);
}

}  // namespace

void add_push_command(CLI::App& app, Session& session) {
  auto command = std::make_shared<PushCommand>();
  CLI::App* sub = app.add_subcommand("push", "Build the project's image and push it to a registry");
  sub->add_option(
         "image", command->images,
         "REGISTRY/NAME[:TAG] to build and push to; or SOURCE DESTINATION to push an image that "
         "exists (a local name, oci:DIR, oci-archive:FILE, docker-archive:FILE)")
      ->expected(0, 2);
  add_build_flags(*sub, command->flags, false);
  sub->add_flag("--insecure", command->insecure, "Allow plain http or an unverified certificate");
  sub->callback([command, &session] { session.finish(run_push(*command, session)); });
}

}  // namespace cogbuild::cmd
