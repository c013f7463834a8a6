#include <cogbuild/python/file_version.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;

TEST_CASE("file_version: of a project's own wheels and source archives alone") {
  const auto project = python::PackageName::parse("foo-bar").value();
  const auto version = [&](const std::string& file_name) {
    const auto found = python::file_version(project, file_name);
    return found ? to_string(*found) : std::string("none");
  };
  CHECK(version("foo_bar-1.0-py3-none-any.whl") == "1.0");
  CHECK(version("Foo.Bar-1.0+cu118-cp311-cp311-linux_x86_64.whl") == "1.0+cu118");
  CHECK(version("foo-bar-2.0.tar.gz") == "2.0");
  CHECK(version("foo_bar-2.0.zip") == "2.0");
  for (const char* other : {"foo-1.0-py3-none-any.whl", "foo_bar-one-py3-none-any.whl",
                            "foo-1.0.tar.gz", "foo_bar-1.0.exe", "foo_bar-1.0.whl", "", "foo_bar"})
    CHECK(version(other) == "none");
}
