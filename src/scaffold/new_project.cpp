#include "embedded_files.hpp"

#include <cogbuild/image/reference.hpp>
#include <cogbuild/scaffold/scaffold.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cogbuild::scaffold {

namespace {

constexpr std::string_view kWorkflowFolder = "workflow";
// What people have before they have a model: a new repository brings some of them.
constexpr std::array<std::string_view, 3> kGiveWay = {".dockerignore", ".gitignore", "README.md"};

using Replacement = std::pair<std::string_view, std::string>;

Result<void> check_image(const std::string& image) {
  if (auto reference = image::parse_reference(image); !reference)
    return fail(Error(ErrorKind::usage, reference.error().message())
                    .hint("such as registry.example/me/my-model"));
  const auto last = image.substr(image.rfind('/') == std::string::npos ? 0 : image.rfind('/'));
  if (image.find('@') != std::string::npos || last.find(':') != std::string::npos)
    return fail(Error(ErrorKind::usage, fmt::format("`{}` has a tag or digest", image))
                    .hint("give the name alone; a tag is said when it is built or pushed"));
  return {};
}

std::string fill_in(std::string_view content, const std::vector<Replacement>& replacements) {
  std::string text(content);
  for (const auto& [placeholder, value] : replacements)
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
      text.replace(at, placeholder.size(), value);
  return text;
}

void add_folder(std::string_view folder, const std::vector<Replacement>& replacements,
                std::vector<NewFile>& files) {
  for (const auto& file : embedded_files()) {
    if (file.folder != folder) continue;
    const bool gives_way = std::ranges::find(kGiveWay, file.path) != kGiveWay.end();
    files.push_back({std::string(file.path), fill_in(file.content, replacements), gives_way});
  }
}

}  // namespace

Result<std::vector<NewFile>> new_project(const Choices& choices) {
  TRY_ASSIGN(const auto* const chosen, find_template(choices.template_name));
  const std::string image =
      choices.image.empty() ? fmt::format("{}-model", chosen->name) : choices.image;
  TRY(check_image(image));
  const std::vector<Replacement> replacements = {
      {"{{image}}", image},
      {"{{name}}", image.substr(image.rfind('/') + 1)},
      {"{{budget}}", std::string(chosen->budget)},
  };
  std::vector<NewFile> files;
  add_folder(chosen->name, replacements, files);
  if (choices.workflow) add_folder(kWorkflowFolder, replacements, files);
  std::ranges::sort(files, {}, &NewFile::path);
  return files;
}

std::string image_name_for(std::string_view directory_name) {
  constexpr std::size_t kMaxBytes = 64;
  std::string name;
  bool gap = false;
  for (const char c : directory_name) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if ((lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9')) {
      if (name.size() + 2 > kMaxBytes) break;
      if (gap && !name.empty()) name += '-';
      name += lower;
      gap = false;
    } else {
      gap = true;
    }
  }
  return name;
}

}  // namespace cogbuild::scaffold
