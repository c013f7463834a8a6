#include <cogbuild/io/file.hpp>
#include <cogbuild/scaffold/scaffold.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>

using namespace cogbuild;
using namespace cogbuild::scaffold;

namespace {

namespace fs = std::filesystem;

const fs::path kTemplates =
    (fs::path(COGBUILD_TEST_DATA) / "../../../templates").lexically_normal();

std::vector<NewFile> project(std::string_view name, std::string image = {}, bool workflow = false) {
  auto files = new_project({std::string(name), std::move(image), workflow});
  REQUIRE(files);
  return *std::move(files);
}

const NewFile& file(const std::vector<NewFile>& files, std::string_view path) {
  const auto found = std::ranges::find(files, path, &NewFile::path);
  REQUIRE(found != files.end());
  return *found;
}

std::string message_of(const Choices& choices) {
  const auto files = new_project(choices);
  REQUIRE_FALSE(files);
  CHECK(files.error().kind() == ErrorKind::usage);
  return render(files.error());
}

}  // namespace

TEST_CASE(
    "templates: every folder of templates/ but the workflow's is one, and the other way round") {
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(kTemplates))
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  CHECK(folders.erase("workflow") == 1);
  std::set<std::string> names;
  for (const auto& each : templates()) {
    names.emplace(each.name);
    CHECK_FALSE(each.summary.empty());
    CHECK_FALSE(each.budget.empty());
  }
  CHECK(names == folders);
}

TEST_CASE("new_project: has every file of its folder, by path, and what is in them") {
  for (const auto& each : templates()) {
    CAPTURE(each.name);
    const auto files = project(each.name, "registry.example/me/a-model");
    CHECK(std::ranges::is_sorted(files, {}, &NewFile::path));
    std::size_t count = 0;
    const auto folder = kTemplates / each.name;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const auto path = fs::relative(entry.path(), folder).generic_string();
      if (!entry.is_regular_file() || path.find("__pycache__") != std::string::npos) continue;
      ++count;
      const auto content = io::read_file(entry.path());
      REQUIRE(content);
      if (content->find("{{") == std::string::npos) CHECK(file(files, path).content == *content);
    }
    CHECK(files.size() == count);
  }
}

TEST_CASE("new_project: no placeholder is left") {
  for (const auto& each : templates())
    for (const auto& made : project(each.name, "registry.example/me/a-model", true)) {
      CAPTURE(made.path);
      for (auto at = made.content.find("{{"); at != std::string::npos;
           at = made.content.find("{{", at + 1))
        CHECK(made.content.substr(at - 1, 4) == "${{ ");  // an expression of the workflow
    }
}

TEST_CASE("new_project: the image's name is filled in, its last part alone is the title") {
  const auto files = project("text", "registry.example/me/a-model");
  CHECK(file(files, "cog.yaml").content.starts_with("image: \"registry.example/me/a-model\"\n"));
  CHECK(file(files, "README.md").content.starts_with("# a-model\n"));
  CHECK(file(project("text"), "cog.yaml").content.starts_with("image: \"text-model\"\n"));
}

TEST_CASE("new_project: the workflow is there only where it was asked for, with the budget") {
  constexpr std::string_view kPath = ".github/workflows/cogbuild.yaml";
  const auto without = project("diffusers");
  CHECK(std::ranges::find(without, kPath, &NewFile::path) == without.end());
  const auto with = project("diffusers", {}, true);
  CHECK(file(with, kPath).content.find("BUDGET: total=14GB,growth=5%\n") != std::string::npos);
  CHECK(with.size() == without.size() + 1);
}

TEST_CASE("new_project: what a repository has before it has a model gives way") {
  std::set<std::string> give_way;
  for (const auto& made : project("image", {}, true))
    if (made.gives_way) give_way.insert(made.path);
  CHECK(give_way == std::set<std::string>{".dockerignore", ".gitignore", "README.md"});
}

TEST_CASE("new_project: an unknown template is told with what was meant, or with what there is") {
  CHECK(message_of({"imgae"}) ==
        "error: there is no template `imgae`\nhint: did you mean `image`?\n");
  CHECK(
      message_of({""}) ==
      "error: there is no template ``\nhint: the templates are text, image, diffusers, training\n");
}

TEST_CASE("new_project: an image must be a name without a tag or digest") {
  CHECK(message_of({"text", "me/My-Model"}).find("`me/My-Model` is not an image name: ") !=
        std::string::npos);
  CHECK(message_of({"text", "a\"\nrun: evil"}).find("is not an image name") != std::string::npos);
  CHECK(message_of({"text", "registry.example/me/a-model:v1"}) ==
        "error: `registry.example/me/a-model:v1` has a tag or digest\n"
        "hint: give the name alone; a tag is said when it is built or pushed\n");
  CHECK(new_project({"text", "localhost:5000/a-model"}));
}

TEST_CASE("image_name_for: lower case, words divided by dashes") {
  const std::pair<std::string_view, std::string_view> table[] = {
      {"my-model", "my-model"},
      {"My Model_2", "my-model-2"},
      {"..", ""},
      {"-a-", "a"},
      {"\xc3\xa4pfel", "pfel"},
      {"", ""},
      {"llama_2.70B", "llama-2-70b"},
  };
  for (const auto& [directory, name] : table) CHECK(image_name_for(directory) == name);
  CHECK(image_name_for(std::string(500, 'a')).size() <= 64);
}
