#include <cogbuild/config/suggest.hpp>
#include <cogbuild/scaffold/scaffold.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace cogbuild::scaffold {

namespace {

constexpr std::array kTemplates = {
    Template{"text", "continues a text, streaming it; a small model that runs on a CPU", "",
             "total=500MB,growth=10%"},
    Template{"image", "an image in, an image out: any format, transparency, any size", "",
             "total=500MB,growth=10%"},
    Template{"diffusers", "images from a description, on a GPU, with the weights in the image",
             "python script/download_weights.py", "total=14GB,growth=5%"},
    Template{"training", "a model that is trained on data of its users, and takes the weights", "",
             "total=500MB,growth=10%"},
};

}  // namespace

std::span<const Template> templates() { return kTemplates; }

Result<const Template*> find_template(std::string_view name) {
  const auto found = std::ranges::find(kTemplates, name, &Template::name);
  if (found != kTemplates.end()) return &*found;
  std::vector<std::string> names;
  for (const auto& known : kTemplates) names.emplace_back(known.name);
  const auto nearest = config::nearest(name, names);
  return fail(Error(ErrorKind::usage, fmt::format("there is no template `{}`", name))
                  .hint(nearest ? fmt::format("did you mean `{}`?", *nearest)
                                : fmt::format("the templates are {}", fmt::join(names, ", "))));
}

}  // namespace cogbuild::scaffold
