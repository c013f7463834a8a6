#include <cogbuild/configure/configure.hpp>

#include <doctest/doctest.h>

using namespace cogbuild;

TEST_CASE("configure: a base's packages stay in its status") {
  const filetree::FileTree tree;
  const std::map<std::string, std::string> files{
      {"var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 1\n"}};
  const configure::Root root{.tree = tree, .files = files, .architecture = "amd64"};
  const auto result = configure::configure({}, root, {});
  REQUIRE(result);
  for (const auto& file : result->files)
    if (file.path == "var/lib/dpkg/status")
      CHECK(file.content == "Package: a\nStatus: install ok installed\nVersion: 1\n\n");
}
