#include <cogbuild/image/descriptor.hpp>

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::image {
namespace {

TEST_CASE("parse_platform: os/architecture[/variant], uname's names become Go's") {
  CHECK(parse_platform("linux/amd64").value() == Platform{});
  CHECK(to_string(parse_platform("linux/arm/v7").value()) == "linux/arm/v7");
  CHECK(to_string(parse_platform("linux/x86_64").value()) == "linux/amd64");
  CHECK(to_string(parse_platform("linux/aarch64").value()) == "linux/arm64");
}

TEST_CASE("parse_platform: anything else is refused") {
  for (const std::string text :
       {"", "linux", "linux/", "/amd64", "Linux/amd64", "linux/a/b/c", "linux/am d", "linux//v8"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_platform(text).has_value());
    CHECK(parse_platform(text).error().message() == "`" + text + "` is not a platform");
  }
}

TEST_CASE("oci_layer_type: Docker's names become OCI's, others stay") {
  CHECK(oci_layer_type("application/vnd.docker.image.rootfs.diff.tar.gzip") == kLayerGzipType);
  CHECK(oci_layer_type("application/vnd.docker.image.rootfs.diff.tar") == kLayerTarType);
  CHECK(oci_layer_type("application/vnd.docker.image.rootfs.diff.tar.zstd") == kLayerZstdType);
  CHECK(oci_layer_type(kLayerZstdType) == kLayerZstdType);
  CHECK(oci_layer_type("text/plain") == "text/plain");
}

}  // namespace
}  // namespace cogbuild::image
