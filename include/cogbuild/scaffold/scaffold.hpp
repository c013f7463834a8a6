#pragma once

#include <cogbuild/error/result.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cogbuild::scaffold {

// A starting point for a project: a folder of templates/, compiled into the program.
struct Template {
  std::string_view name{};        // `text`, `image`, `diffusers`, `training`
  std::string_view summary{};     // one line
  std::string_view first_step{};  // a command before the first build; empty: none
  std::string_view budget{};      // for the workflow: as `--budget` takes it
};
// In the order in which people should read of them; the first is the default.
std::span<const Template> templates();
// Error: usage for an unknown name, with a did-you-mean.
Result<const Template*> find_template(std::string_view name);

struct Choices {
  std::string template_name{};
  std::string image{};    // for cog.yaml and the workflow, without a tag; empty: a stand-in
  bool workflow = false;  // a GitHub workflow that builds, checks, reports sizes and pushes
};

struct NewFile {
  std::string path{};  // relative, `/`-separated
  std::string content{};
  bool gives_way = false;  // to a file of that name that is there already, as README.md does

  friend bool operator==(const NewFile&, const NewFile&) = default;
};

// The files of a new project, by path. Errors: usage for an unknown template or an image that is no
// name, or has a tag or digest.
Result<std::vector<NewFile>> new_project(const Choices& choices);

// A name for the image of a project in a directory of that name: lower case, words divided by
// dashes; empty where nothing is left of it.
std::string image_name_for(std::string_view directory_name);

}  // namespace cogbuild::scaffold
