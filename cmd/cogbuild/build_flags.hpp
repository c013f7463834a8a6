#pragma once

#include "report_output.hpp"
#include "resolve_flags.hpp"
#include "root_flags.hpp"

#include <cogbuild/build/build.hpp>
#include <cogbuild/error/result.hpp>

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cogbuild::cmd {

// The flags of a build, shared by build and push. Cog's own flags are accepted; those without a
// meaning here are named in `ignored`.
struct BuildFlags {
  std::string project = ".";
  std::string config_file = "cog.yaml";
  std::string tag{};
  RootFlags root{};
  std::string platform = "linux/amd64";
  std::string compression = "auto";
  std::vector<std::string> outputs{};
  std::string openapi_schema{};
  bool skip_schema = false;
  std::string tini{};
  ResolveFlags resolve{};
  bool locked = false;
  ReportFlags report{};
  bool allow_lfs_pointers = false;
  bool offline = false;
  bool no_cache = false;
  bool verbose = false;
  bool quiet = false;
  int threads = 0;  // 0: as many as there are processors
  std::string progress = "auto";
  bool separate_weights = false;  // always so here
  std::vector<std::string> secrets{};
};

void add_build_flags(CLI::App& command, BuildFlags& flags, bool with_tag);
// Error: usage.
Result<build::Options> to_options(const BuildFlags& flags);
// A platform that images can be built for, as --platform names it. Error: usage.
Result<image::Platform> to_platform(const std::string& text);

}  // namespace cogbuild::cmd
