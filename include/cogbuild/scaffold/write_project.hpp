#pragma once

#include <cogbuild/error/result.hpp>
#include <cogbuild/scaffold/scaffold.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace cogbuild::scaffold {

struct Written {
  std::vector<std::string> created{};  // paths, in the order given
  std::vector<std::string> kept{};     // were there: equal ones, and those that files give way to
};

// Writes all of the files or, on an error, none; makes `directory` and what lies above it. No file
// that is there is changed. Errors: conflict, which names every path that is in the way; io.
Result<Written> write_project(const std::vector<NewFile>& files,
                              const std::filesystem::path& directory);

}  // namespace cogbuild::scaffold
