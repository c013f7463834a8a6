#include "root_flags.hpp"

#include "comma_list.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace cogbuild::cmd {

namespace {

Error bad_value(const char* flag, const std::string& value, const char* allowed) {
  return Error(ErrorKind::usage, fmt::format("{} cannot be `{}`", flag, value))
      .hint(fmt::format("allowed are {}", allowed));
}

}  // namespace

void add_root_flags(CLI::App& command, RootFlags& flags) {
  command.add_option(
      "--base", flags.base,
      "What the image stands on: debian[:SUITE], composed here (default), or an image: "
      "registry/name[:tag], oci:DIR, oci-archive:FILE, docker-archive:FILE");
  command.add_option("--base-packages", flags.base_packages,
                     "Further Debian packages of a composed base, divided by commas");
  command.add_flag("--keep-docs", flags.keep_docs,
                   "Keep documents, manual pages and translations of Debian packages");
  command.add_flag("--no-keep-docs", flags.drop_docs, "Drop them, after all");
  command
      .add_option("--use-cog-base-image", flags.use_cog_base_image,
                  "Cog's own base image for this Python, CUDA and torch")
      ->expected(0, 1)
      ->default_str("true");
  command.add_option("--use-cuda-base-image", flags.use_cuda_base_image,
                     "NVIDIA's CUDA image as base: true, false, or auto (where it is needed)");
}

Result<void> add_choices(const RootFlags& flags, lock::Choices& choices) {
  if (!flags.base_packages.empty()) choices.base_packages = split_commas(flags.base_packages);
  if (flags.keep_docs) choices.keep_docs = true;
  if (flags.drop_docs) choices.keep_docs = false;
  if (const auto& said = flags.use_cog_base_image; !said.empty()) {
    if (said != "true" && said != "false")
      return fail(bad_value("--use-cog-base-image", said, "true and false"));
    choices.use_cog_base_image = said == "true";
  }
  if (const auto& said = flags.use_cuda_base_image; !said.empty()) {
    if (said != "true" && said != "false" && said != "auto")
      return fail(bad_value("--use-cuda-base-image", said, "true, false and auto"));
    choices.use_cuda_base_image = said;
  }
  return {};
}

}  // namespace cogbuild::cmd
