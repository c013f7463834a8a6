#include <cogbuild/python/package_name.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using python::PackageName;

TEST_CASE("PackageName: runs of separators become one dash, letters lower case") {
  for (const std::string text :
       {"opencv-python", "OpenCV_Python", "opencv.python", "opencv-_.python"}) {
    CHECK(to_string(PackageName::parse(text).value()) == "opencv-python");
  }
  CHECK(to_string(PackageName::parse("a").value()) == "a");
  CHECK(to_string(PackageName::parse("3D").value()) == "3d");
}

TEST_CASE("PackageName: other characters and edges are refused") {
  for (const std::string text : {"", "-a", "a-", "_a", "a.", "a b", "a/b", "caf\xC3\xA9", "a==1"}) {
    CAPTURE(text);
    const auto parsed = PackageName::parse(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().message() == "`" + text + "` is not a valid project name");
  }
}
