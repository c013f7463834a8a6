#include "build_flags.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <unistd.h>

namespace cogbuild::cmd {

void add_build_flags(CLI::App& command, BuildFlags& flags, bool with_tag) {
  command.add_option("-C,--directory", flags.project, "Project directory, or one below it");
  command.add_option("-f,--file", flags.config_file, "Name of the config file")
      ->capture_default_str();
  if (with_tag) command.add_option("-t,--tag", flags.tag, "Name of the image");
  add_root_flags(command, flags.root);
  command.add_option("--platform", flags.platform, "Platform of the image")->capture_default_str();
  command
      .add_option("--compression", flags.compression,
                  "auto (gzip; weights as they are), gzip (weights stored), zstd, none")
      ->capture_default_str();
  command.add_option(
      "-o,--output", flags.outputs,
      "Also write oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE or rootfs:DIR");
  command.add_option("--openapi-schema", flags.openapi_schema,
                     "OpenAPI schema of the model (JSON file), instead of what the code says");
  command
      .add_flag("--skip-schema-validation", flags.skip_schema,
                "Build without a schema, whatever the code says")
      ->group("");
  command.add_option("--tini", flags.tini, "Static tini for a base that has none");
  add_resolve_flags(command, flags.resolve);
  command.add_flag("--locked", flags.locked,
                   "Fail (exit 3) instead of building what the project's lock does not pin");
  add_report_flags(command, flags.report);
  command.add_flag("--allow-lfs-pointers", flags.allow_lfs_pointers,
                   "Ship Git LFS pointer files as they are");
  command.add_flag("--offline", flags.offline, "Use what is cached, ask no server");
  command.add_flag("--no-cache", flags.no_cache, "Make every layer anew and ask the indexes again");
  command.add_flag("-v,--verbose,--debug", flags.verbose,
                   "Say why each layer was or was not reused");
  command.add_flag("-q,--quiet", flags.quiet, "Say nothing but warnings and errors");
  command.add_option("-j,--threads", flags.threads, "Layers to make at once (default: processors)");
  command.add_option("--progress", flags.progress, "auto, tty, plain or quiet")
      ->capture_default_str();
  command.add_flag("--separate-weights", flags.separate_weights,
                   "Accepted: weights always have own layers");
  command.add_option("--secret", flags.secrets, "Accepted, without effect: no command is run");
}

Result<image::Platform> to_platform(const std::string& text) {
  TRY_ASSIGN(auto platform, image::parse_platform(text));
  const auto& [os, architecture, variant] = platform;
  if (os == "linux" && (architecture == "amd64" || architecture == "arm64")) return platform;
  return fail(Error(ErrorKind::usage, fmt::format("there are no images for `{}` here", text))
                  .hint("allowed are linux/amd64 and linux/arm64"));
}

Result<build::Options> to_options(const BuildFlags& flags) {
  build::Options options;
  options.project = flags.project;
  options.config_file = flags.config_file;
  options.tag = flags.tag;
  options.base = flags.root.base;
  TRY_ASSIGN(options.platform, to_platform(flags.platform));
  TRY_ASSIGN(options.compression, plan::parse_compression(flags.compression));
  for (const auto& text : flags.outputs) {
    TRY_ASSIGN(const auto output, push::parse_output(text));
    options.outputs.push_back(output);
  }
  options.openapi_schema = flags.openapi_schema;
  options.skip_schema = flags.skip_schema;
  options.tini = flags.tini;
  TRY_ASSIGN(options.choices, to_choices(flags.resolve));
  TRY(add_choices(flags.root, options.choices));
  options.locked = flags.locked;
  options.allow_lfs_pointers = flags.allow_lfs_pointers;
  options.offline = flags.offline;
  options.use_cache = !flags.no_cache;
  options.privileged = ::geteuid() == 0;
  options.threads = flags.threads > 0
                        ? flags.threads
                        : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return options;
}

}  // namespace cogbuild::cmd
