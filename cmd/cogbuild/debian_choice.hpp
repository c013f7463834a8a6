#pragma once

#include <cogbuild/error/result.hpp>

#include <string>
#include <vector>

namespace cogbuild::cmd {

struct DebianQuestion {
  std::vector<std::string> packages_files{};  // Packages, not compressed
  std::string status_file{};                  // empty: nothing is installed
  std::string architecture = "amd64";
  std::vector<std::string> wishes{};
  bool times = false;
};

// What would be installed, for comparison with apt: `name version` lines, sorted by name. With
// `times`, lines follow that begin with `#`: the milliseconds of processor time of each step, and
// what the proof dropped of the walk.
Result<std::string> answer_debian_question(const DebianQuestion& question);

}  // namespace cogbuild::cmd
