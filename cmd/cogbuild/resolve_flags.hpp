#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/choices.hpp>

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cogbuild::cmd {

// How versions are chosen: shared by build, push and lock, and named as in pip and uv.
struct ResolveFlags {
  std::string index_url{};
  std::vector<std::string> extra_index_urls{};
  std::vector<std::string> find_links{};
  bool no_index = false;
  std::string index_strategy{};
  std::string resolution{};
  bool prereleases = false;
  bool prefer_binary = false;
  std::string exclude_newer{};
  std::vector<std::string> no_binary{};
  std::vector<std::string> only_binary{};
  bool no_build = false;
  std::vector<std::string> constraint_files{};
  std::vector<std::string> override_files{};
  std::string torch_backend{};
  std::string torch_index{};
  bool no_opencv_headless = false;
  bool opencv_headless = false;
};

void add_resolve_flags(CLI::App& command, ResolveFlags& flags);
// What was said; times relative to now are turned into points. Error: usage.
Result<lock::Choices> to_choices(const ResolveFlags& flags);

}  // namespace cogbuild::cmd
