#pragma once

#include <cogbuild/error/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::scaffold {

// A starting point for a project: a folder of templates/, compiled into the program.
struct Template {
  std::string_view name{};     // `text`, `image`, `diffusers`, `training`, …
  std::string_view summary{};  // one line
};
std::span<const Template> templates();

struct Choices {
  std::string template_name{};
  std::string image{};    // `registry/owner/name` for cog.yaml and the workflow; empty: a stand-in
  bool workflow = false;  // a GitHub workflow that builds, checks, reports sizes and pushes
};

struct NewFile {
  std::string path{};  // relative, `/`-separated
  std::string content{};
  bool executable = false;
};

// The files of a new project, by path. Errors: usage for an unknown template (with a did-you-mean)
// or a name that is no image reference.
Result<std::vector<NewFile>> new_project(const Choices& choices);

}  // namespace cogbuild::scaffold
