#pragma once

#include <cogbuild/base/base_image.hpp>
#include <cogbuild/config/config.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/lock.hpp>
#include <cogbuild/plan/image_plan.hpp>
#include <cogbuild/project/listing.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cogbuild::plan {

// How the user wants layers compressed; `automatic` is gzip, and weights as they are.
enum class CompressionChoice { automatic, gzip, zstd, none };
// Error: usage.
Result<CompressionChoice> parse_compression(const std::string& text);

struct PlanOptions {
  CompressionChoice compression = CompressionChoice::automatic;
  // SOURCE_DATE_EPOCH; 1980-01-01, the earliest time a zip can hold.
  std::int64_t mtime_seconds = 315532800;
  std::size_t max_layers = 100;  // the base's included
  // What makes each kind of blob: joins the keys, so that another version of a compressor makes
  // anew.
  std::string gzip_identity{};
  std::string stored_identity{};
  std::string zstd_identity{};
  std::string config_file = "cog.yaml";         // another name ships as /src/cog.yaml too
  std::optional<std::string> config_content{};  // of that other file
  std::optional<std::string> openapi_schema{};  // JSON text
  std::optional<std::string> tini{};            // content of a static tini for a base that has none
  std::string base_name{};                      // label; empty for a base that is no registry's
  std::vector<std::pair<std::string, std::string>>
      extra_labels{};  // revision and version of the source
};

struct PlanInputs {
  const config::Config& config;
  const lock::Lock& lock;
  const project::Listing& listing;
  const std::map<std::string, digest::Digest>& contents;  // of every regular code file, by path
  const std::map<std::string, std::string>& sources;      // of every weights file: path on disk
  const std::map<std::string, bool>& compressible;  // of weights files, when zstd was asked for
  const base::BaseImage& base;  // with everything that is installed below Python distributions
  std::size_t base_layers = 0;  // of the base proper: the others hold system packages
};

// The image as an ordered list of layer plans and its config. Pure: no file is read, nothing
// written. Layers bottom to top: large wheels one by one, small wheels in stable buckets, the Cog
// runtime, weights, code. Errors: unsupported (system_packages, run, weights: not built yet),
// conflict (a project path that the base cannot take), config.
Result<ImagePlan> plan_image(const PlanInputs& inputs, const PlanOptions& options);

// The plan for people (`build --plan`): one line per layer, then the config. For machines: JSON.
std::string to_text(const ImagePlan& plan);
std::string to_json(const ImagePlan& plan);

// Where cogbuild installs Python distributions on this base. Error: config (no Python in the base).
Result<InstallScheme> install_scheme(const base::TreeSummary& base);

// The text `pip freeze` prints in the image: one `Name==version` line per distribution.
std::string pip_freeze(const lock::Lock& lock, const base::TreeSummary& base);

}  // namespace cogbuild::plan
