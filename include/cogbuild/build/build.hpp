#pragma once

#include <cogbuild/build/services.hpp>
#include <cogbuild/digest/digest.hpp>
#include <cogbuild/error/result.hpp>
#include <cogbuild/image/descriptor.hpp>
#include <cogbuild/lock/choices.hpp>
#include <cogbuild/plan/plan_image.hpp>
#include <cogbuild/push/output.hpp>
#include <cogbuild/report/model.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cogbuild::build {

struct Options {
  std::filesystem::path project = ".";
  std::string config_file = "cog.yaml";
  std::string tag{};   // -t
  std::string base{};  // --base
  image::Platform platform{};
  plan::CompressionChoice compression = plan::CompressionChoice::automatic;
  std::vector<push::Output> outputs{};
  std::filesystem::path openapi_schema{};
  bool skip_schema = false;  // the image gets none
  std::filesystem::path tini{};
  lock::Choices choices{};  // paths from where the process stands
  bool locked = false;      // a lock that does not fit is an error
  bool allow_lfs_pointers = false;
  bool offline = false;
  bool use_cache = true;
  int threads = 2;
  bool privileged = false;  // the process is root: a rootfs output keeps owners
};

struct Built {
  std::string name{};  // in the local store
  digest::Digest manifest{};
  report::ImageSummary summary{};
};

// The five steps of the design, section 1, then the outputs. The image is kept in the local store.
// A lock that the project has is brought up to date.
Result<Built> build(const Options& options, Services& services);

// The first three steps: what a build would make, without making it.
Result<plan::ImagePlan> plan(const Options& options, Services& services);

// Which base a build would stand on, and why: a line each.
Result<std::vector<std::string>> explain_base(const Options& options, Services& services);

// The name the image of this project gets: -t, else `image` or `model` of cog.yaml, else generated.
Result<std::string> image_name(const Options& options);

}  // namespace cogbuild::build
