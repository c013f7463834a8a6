#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/lock/choices.hpp>

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cogbuild::cmd {

// What the image stands on: shared by build, push and lock.
struct RootFlags {
  std::string base{};
  std::vector<std::string> base_packages{};
  bool keep_docs = false;
  bool drop_docs = false;
  std::string use_cog_base_image{};   // `true`, `false`
  std::string use_cuda_base_image{};  // `true`, `false`, `auto`
};

void add_root_flags(CLI::App& command, RootFlags& flags);
// Adds what was said, but for the base. Error: usage.
Result<void> add_choices(const RootFlags& flags, lock::Choices& choices);

}  // namespace cogbuild::cmd
