#pragma once

#include <cogbuild/build/build.hpp>
#include <cogbuild/config/config.hpp>
#include <cogbuild/config/settings.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/io/tree.hpp>
#include <cogbuild/project/listing.hpp>

#include <map>
#include <optional>
#include <string>

namespace cogbuild::build {

// A project as it was read: config, files, and the digests of all files but weights.
struct Project {
  std::filesystem::path root{};  // absolute
  config::Config config{};
  config::Settings settings{};  // cogbuild.yaml
  project::Listing listing{};
  std::map<std::string, digest::Digest> contents{};
  std::map<std::string, std::string> sources{};  // weights: where they lie on disk
  std::map<std::string, bool> compressible{};    // weights: probed when zstd was asked for
  std::optional<std::string> schema{};           // OpenAPI, for the image
};

// Tells a warning on one line, without the excerpt that an error would have.
void tell_warning(const Error& warning, progress::Reporter& reporter);

// The root that holds the config file, and the config; warnings go to the reporter.
Result<Project> read_config(const Options& options, progress::Reporter& reporter);

// The first step in full; what is wrong with the code is told before any file is hashed. Files that
// the stat cache knows are not opened.
Result<Project> read_project(const Options& options, Services& services);

// GITHUB_SHA / GITHUB_REF_NAME, else what git says of the project; omitted where neither answers.
std::vector<std::pair<std::string, std::string>> source_labels(const std::filesystem::path& root,
                                                               Services& services);

}  // namespace cogbuild::build
