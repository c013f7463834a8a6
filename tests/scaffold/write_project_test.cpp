#include <cogbuild/io/file.hpp>
#include <cogbuild/scaffold/write_project.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::scaffold;

namespace {

namespace fs = std::filesystem;

const std::vector<NewFile> kFiles = {{"README.md", "read me\n", true},
                                     {"cog.yaml", "build: {}\n", false},
                                     {"script/a.py", "a = 1\n", false},
                                     {"script/b.py", "b = 2\n", false}};

struct Folder {
  Folder() {
    auto made = io::TempDir::create();
    REQUIRE(made);
    directory = std::make_unique<io::TempDir>(*std::move(made));
  }
  [[nodiscard]] fs::path path(const std::string& name = {}) const {
    return name.empty() ? directory->path() : directory->path() / name;
  }
  void write(const std::string& name, std::string_view content) const {
    REQUIRE(io::write_atomically(path(name), content));
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    const auto content = io::read_file(path(name));
    return content ? *content : "(none)";
  }
  // Everything that is there, by path.
  [[nodiscard]] std::vector<std::string> listing() const {
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator(path()))
      paths.push_back(fs::relative(entry.path(), path()).string());
    std::ranges::sort(paths);
    return paths;
  }
  std::unique_ptr<io::TempDir> directory{};
};

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("write_project: writes all files, and makes the directories") {
  const Folder folder;
  const auto written = write_project(kFiles, folder.path("new/deep"));
  REQUIRE(written);
  CHECK(written->created == Paths{"README.md", "cog.yaml", "script/a.py", "script/b.py"});
  CHECK(written->kept.empty());
  CHECK(folder.read("new/deep/script/b.py") == "b = 2\n");
  CHECK(folder.listing() == Paths{"new", "new/deep", "new/deep/README.md", "new/deep/cog.yaml",
                                  "new/deep/script", "new/deep/script/a.py",
                                  "new/deep/script/b.py"});
}

TEST_CASE("write_project: a second time, nothing is left to do") {
  const Folder folder;
  REQUIRE(write_project(kFiles, folder.path()));
  const auto again = write_project(kFiles, folder.path());
  REQUIRE(again);
  CHECK(again->created.empty());
  CHECK(again->kept == Paths{"README.md", "cog.yaml", "script/a.py", "script/b.py"});
}

TEST_CASE("write_project: what gives way leaves an other file of that name as it is") {
  const Folder folder;
  folder.write("README.md", "my own\n");
  const auto written = write_project(kFiles, folder.path());
  REQUIRE(written);
  CHECK(written->kept == Paths{"README.md"});
  CHECK(folder.read("README.md") == "my own\n");
}

TEST_CASE("write_project: every file in the way is named, and nothing is written") {
  const Folder folder;
  folder.write("cog.yaml", "mine\n");
  folder.write("script/b.py", "mine\n");
  const auto written = write_project(kFiles, folder.path());
  REQUIRE_FALSE(written);
  CHECK(written.error().kind() == ErrorKind::conflict);
  CHECK(render(written.error()) ==
        "error: in the way, with other contents: `cog.yaml`, `script/b.py`\n"
        "hint: nothing was written; move them away, or choose another directory\n");
  CHECK(folder.listing() == Paths{"cog.yaml", "script", "script/b.py"});
  CHECK(folder.read("cog.yaml") == "mine\n");
}

TEST_CASE("write_project: links and directories are in the way as files are") {
  const Folder folder;
  fs::create_symlink("nowhere", folder.path("cog.yaml"));
  fs::create_directories(folder.path("script/a.py"));
  const auto written = write_project(kFiles, folder.path());
  REQUIRE_FALSE(written);
  CHECK(written.error().message() == "in the way, with other contents: `cog.yaml`, `script/a.py`");
  CHECK_FALSE(fs::exists(folder.path("nowhere")));
}

TEST_CASE("write_project: a file where a directory has to be is in the way, told once") {
  const Folder folder;
  folder.write("script", "a file\n");
  const auto written = write_project(kFiles, folder.path());
  REQUIRE_FALSE(written);
  CHECK(written.error().message() == "in the way, with other contents: `script`");
  CHECK(folder.listing() == Paths{"script"});
}

TEST_CASE("write_project: a link to a directory is in the way below, not at the top") {
  const Folder folder;
  fs::create_directories(folder.path("other"));
  fs::create_directories(folder.path("project"));
  fs::create_symlink("../other", folder.path("project/script"));
  const auto written = write_project(kFiles, folder.path("project"));
  REQUIRE_FALSE(written);
  CHECK(written.error().message() == "in the way, with other contents: `script`");
  CHECK(fs::is_empty(folder.path("other")));

  fs::create_symlink("other", folder.path("link"));
  CHECK(write_project(kFiles, folder.path("link")));
  CHECK(folder.read("other/cog.yaml") == "build: {}\n");
}

TEST_CASE("write_project: a failure in the middle leaves nothing") {
  const Folder folder;
  auto files = kFiles;
  files.push_back({"z/" + std::string(300, 'n'), "a name that no file system takes\n", false});
  const auto written = write_project(files, folder.path("new"));
  REQUIRE_FALSE(written);
  CHECK(written.error().kind() == ErrorKind::io);
  CHECK(folder.listing().empty());
}

TEST_CASE("write_project: the directory itself may be a file") {
  const Folder folder;
  folder.write("new", "a file\n");
  const auto written = write_project(kFiles, folder.path("new"));
  REQUIRE_FALSE(written);
  CHECK(written.error().kind() == ErrorKind::conflict);
  CHECK(written.error().message() == folder.path("new").string() + " is not a directory");
}
