#include <cogbuild/config/config.hpp>
#include <cogbuild/io/file.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

namespace cogbuild::config {

TEST_CASE("default_image_name: follows Cog's rule") {
  struct Row {
    const char* directory;
    const char* expected;
  };
  for (const Row& row : {Row{"resnet", "cog-resnet"},
                         {"cog-resnet", "cog-resnet"},
                         {"My Model_v1.0", "cog-my-modelv10"},
                         {"cogs", "cog-cogs"},
                         {"abcdefghijklmnopqrstuvwxyz0123", "cog-abcdefghijklmnopqrstuvwxyz"},
                         {"été", "cog-t"},
                         {"日本", "cog-model"},
                         {"", "cog-model"},
                         {"x -", "cog-x"}}) {
    CAPTURE(row.directory);
    CHECK(default_image_name(row.directory) == row.expected);
  }
}

TEST_CASE("find_project_root: the nearest directory above that has the file") {
  const auto temp = io::TempDir::create();
  REQUIRE(temp.has_value());
  const auto root = temp->path();
  std::filesystem::create_directories(root / "a/b/c");
  std::filesystem::create_directories(root / "a/b/cog.yaml");  // a directory does not count
  REQUIRE(io::write_atomically(root / "a/cog.yaml", "").has_value());
  CHECK(find_project_root(root / "a/b/c", "cog.yaml").value() == root / "a");
  CHECK(find_project_root(root / "a/b/../b/", "cog.yaml").value() == root / "a");
  CHECK(find_project_root(root / "a", "cog.yaml").value() == root / "a");
  const auto missing = find_project_root(root / "a/b", "surely-not-there.yaml");
  REQUIRE(!missing);
  CHECK(missing.error().kind() == ErrorKind::config);
  CHECK(missing.error().message() ==
        "there is no `surely-not-there.yaml` in " + (root / "a/b").string() + " or above it");
}

}  // namespace cogbuild::config
