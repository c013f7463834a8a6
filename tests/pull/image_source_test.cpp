#include <cogbuild/pull/image_source.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::pull {
namespace {

TEST_CASE("parse_source: what each form means, and prints as it was written") {
  const std::vector<std::pair<std::string, ImageSource>> table = {
      {"oci:dir", OciLayout{.directory = "dir"}},
      {"oci:a/b:v1", OciLayout{.directory = "a/b", .tag = "v1"}},
      {"oci:/abs/dir:with/colon", OciLayout{.directory = "/abs/dir:with/colon"}},
      {"oci:C::x", OciLayout{.directory = "C:", .tag = "x"}},
      {"oci:dir:-bad", OciLayout{.directory = "dir:-bad"}},
      {"oci-archive:f.tar", OciArchive{.file = "f.tar"}},
      {"oci-archive:f.tar:latest", OciArchive{.file = "f.tar", .tag = "latest"}},
      {"docker-archive:d/f.tar:v2", DockerArchive{.file = "d/f.tar", .tag = "v2"}},
      {"cog-x", LocalName{"cog-x"}},
      {"python:3.11-slim", LocalName{"python:3.11-slim"}},
      {"me/model:v1", LocalName{"me/model:v1"}}};
  for (const auto& [text, source] : table) {
    CAPTURE(text);
    CHECK(parse_source(text).value() == source);
    CHECK(to_string(source) == text);
  }
}

TEST_CASE("parse_source: a first component that is a host means a registry") {
  for (const std::string text :
       {"r8.im/me/model:latest", "localhost/x:1", "127.0.0.1:5000/a/b:c"}) {
    CAPTURE(text);
    const auto source = parse_source(text).value();
    REQUIRE(std::holds_alternative<RegistryImage>(source));
    CHECK(to_string(source) == text);
  }
}

TEST_CASE("parse_source: names nothing or no image name") {
  CHECK(parse_source("oci:").error().message() == "`oci:` names no file or directory");
  CHECK(parse_source("oci-archive::tag").error().message() ==
        "`oci-archive::tag` names no file or directory");
  CHECK(parse_source("oci:").error().kind() == ErrorKind::usage);
  CHECK_FALSE(parse_source(""));
  CHECK_FALSE(parse_source("Upper/Case"));
}

}  // namespace
}  // namespace cogbuild::pull
