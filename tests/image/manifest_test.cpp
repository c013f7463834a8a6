#include <cogbuild/image/manifest.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::image {
namespace {

const std::string kA = "sha256:" + std::string(64, 'a');
const std::string kB = "sha256:" + std::string(64, 'b');

std::string descriptor(const std::string& type, const std::string& digest, int size) {
  return R"({"mediaType":")" + type + R"(","digest":")" + digest + R"(","size":)" +
         std::to_string(size) + "}";
}

std::string oci_manifest() {
  return R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":)" +
         descriptor(std::string(kConfigType), kA, 7) + R"(,"layers":[)" +
         descriptor(std::string(kLayerGzipType), kB, 9) + R"(],"annotations":{"k":"v"}})";
}

Manifest manifest_of(std::string_view json) {
  auto parsed = parse_manifest(json);
  REQUIRE(parsed.has_value());
  REQUIRE(std::holds_alternative<Manifest>(*parsed));
  return std::get<Manifest>(*parsed);
}

Index index_of(std::string_view json) {
  auto parsed = parse_manifest(json);
  REQUIRE(parsed.has_value());
  REQUIRE(std::holds_alternative<Index>(*parsed));
  return std::get<Index>(*parsed);
}

TEST_CASE("parse_manifest: to_json prints the same bytes again") {
  CHECK(to_json(manifest_of(oci_manifest())) == oci_manifest());
}

TEST_CASE("parse_manifest: Docker's manifest, config and layer types become OCI's") {
  const std::string docker =
      R"({"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":)" +
      descriptor("application/vnd.docker.container.image.v1+json", kA, 7) + R"(,"layers":[)" +
      descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", kB, 9) +
      R"(],"annotations":{"k":"v"}})";
  CHECK(to_json(manifest_of(docker)) == oci_manifest());
}

TEST_CASE("parse_manifest: a media type is optional, null fields are absent ones") {
  const auto manifest =
      manifest_of(R"({"schemaVersion":2,"mediaType":null,"config":)" + descriptor("t", kA, 7) +
                  R"(,"layers":[],"annotations":null,"subject":null})");
  CHECK(manifest.config.size_bytes == 7);
  CHECK(manifest.layers.empty());
}

TEST_CASE("parse_manifest: an index round-trips") {
  const std::string json =
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)"
      R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" +
      kA +
      R"(","size":7,"annotations":{"x":"y"},"platform":{"architecture":"arm","os":"linux","variant":"v7"}}]})";
  CHECK(to_json(index_of(json)) == json);
}

TEST_CASE("parse_manifest: what is malformed or unsupported is refused, and why") {
  struct Row {
    std::string json;
    ErrorKind kind;
    std::string message;
  };
  const std::string head = R"({"schemaVersion":2,)";
  const std::string config = R"("config":)" + descriptor("t", kA, 7);
  const std::vector<Row> rows{
      {"", ErrorKind::integrity, "the manifest is malformed: not valid JSON"},
      {"{", ErrorKind::integrity, "the manifest is malformed: not valid JSON"},
      {"{} x", ErrorKind::integrity, "the manifest is malformed: not valid JSON"},
      {"{\"a\":1e999}", ErrorKind::integrity, "the manifest is malformed: not valid JSON"},
      {"{\"a\":\"\xff\"}", ErrorKind::integrity, "the manifest is malformed: not valid JSON"},
      {"[]", ErrorKind::integrity, "the manifest is malformed: not a JSON object"},
      {"null", ErrorKind::integrity, "the manifest is malformed: not a JSON object"},
      {"{}", ErrorKind::integrity, "the manifest is malformed: `schemaVersion` is not a number"},
      {R"({"schemaVersion":"2"})", ErrorKind::integrity,
       "the manifest is malformed: `schemaVersion` is not a number"},
      {R"({"schemaVersion":1,"fsLayers":[]})", ErrorKind::unsupported,
       "the manifest has Docker's schema 1, which is not supported"},
      {R"({"schemaVersion":3})", ErrorKind::unsupported,
       "the manifest has `schemaVersion` 3, expected 2"},
      {head + R"("schemaVersion":2})", ErrorKind::integrity,
       "the manifest is malformed: key `schemaVersion` occurs twice"},
      {head + config + R"(,"layers":[{"size":1,"size":2}]})", ErrorKind::integrity,
       "the manifest is malformed: key `size` occurs twice"},
      {head + R"("manifests":[],"layers":[]})", ErrorKind::integrity,
       "the manifest is malformed: it holds both `manifests` and `layers`"},
      {head + R"("manifests":[],"config":{}})", ErrorKind::integrity,
       "the manifest is malformed: it holds both `manifests` and `layers`"},
      {head + R"("mediaType":"text/html"})", ErrorKind::unsupported,
       "manifests of type `text/html` are not supported"},
      {head + R"("mediaType":"application/vnd.oci.image.index.v1+json","layers":[]})",
       ErrorKind::integrity,
       "the manifest is malformed: its content is not `application/vnd.oci.image.index.v1+json`"},
      {head + R"("layers":[]})", ErrorKind::integrity,
       "the manifest is malformed: `config` is missing"},
      {head + config + "}", ErrorKind::integrity, "the manifest is malformed: `layers` is missing"},
      {head + config + R"(,"layers":{}})", ErrorKind::integrity,
       "the manifest is malformed: `layers` is not a list"},
      {head + config + R"(,"layers":[7]})", ErrorKind::integrity,
       "the manifest is malformed: a descriptor is not an object"},
      {head + config + R"(,"layers":[{}]})", ErrorKind::integrity,
       "the manifest is malformed: a descriptor has no `mediaType`"},
      {head + config + R"(,"layers":[{"mediaType":7}]})", ErrorKind::integrity,
       "the manifest is malformed: `mediaType` is not a string"},
      {head + config + R"(,"layers":[{"mediaType":"t","digest":"sha256:zz","size":1}]})",
       ErrorKind::integrity, "the manifest is malformed: `zz` is not 64 hex digits"},
      {head + config + R"(,"layers":[{"mediaType":"t","digest":"sha512:zz","size":1}]})",
       ErrorKind::unsupported, "digest algorithm `sha512` is not supported"},
      {head + config + R"(,"layers":[{"mediaType":"t","digest":")" + kA + R"(","size":-1}]})",
       ErrorKind::integrity, "the manifest is malformed: `size` is not a size in bytes"},
      {head + config + R"(,"layers":[{"mediaType":"t","digest":")" + kA + R"(","size":1.5}]})",
       ErrorKind::integrity, "the manifest is malformed: `size` is not a size in bytes"},
      {head + config + R"(,"layers":[{"mediaType":"t","digest":")" + kA +
           R"(","size":18446744073709551615}]})",
       ErrorKind::integrity, "the manifest is malformed: `size` is not a size in bytes"},
      {head + config + R"(,"layers":[],"annotations":{"a":1}})", ErrorKind::integrity,
       "the manifest is malformed: `annotations` is not an object of strings"},
      {head + R"("manifests":[{"mediaType":"t","digest":")" + kA +
           R"(","size":1,"platform":"linux"}]})",
       ErrorKind::integrity, "the index is malformed: `platform` is not an object"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.json);
    const auto parsed = parse_manifest(row.json);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().kind() == row.kind);
    CHECK(parsed.error().message() == row.message);
  }
}

TEST_CASE("parse_manifest: deep nesting is refused, not followed") {
  for (const std::string& opening :
       {std::string("["), std::string(R"({"a":)"), std::string(R"([{"a":)")}) {
    std::string json = R"({"schemaVersion":2,"x":)";
    while (json.size() < 1'000'000) json += opening;
    const auto parsed = parse_manifest(json);
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message() == "the manifest is malformed: nested deeper than 64");
  }
}

TEST_CASE("parse_manifest: size and number of layers are limited") {
  CHECK(parse_manifest(std::string(std::size_t{4} * 1024 * 1024 + 1, ' ')).error().message() ==
        "the manifest has 4194305 bytes, more than the limit of 4194304");
  std::string json = R"({"schemaVersion":2,"config":)" + descriptor("t", kA, 7) + R"(,"layers":[)";
  for (int i = 0; i < 513; ++i) json += (i == 0 ? "" : ",") + descriptor("t", kA, 7);
  CHECK(parse_manifest(json + "]}").error().message() ==
        "the manifest is malformed: 513 layers, more than the limit of 512");
}

TEST_CASE(
    "choose: the first manifest for the platform; attestations and unknown types are skipped") {
  const auto entry = [](std::string_view type, const Platform& platform, std::uint64_t size) {
    return Descriptor{.media_type = std::string(type), .size_bytes = size, .platform = platform};
  };
  const Platform arm64{.architecture = "arm64"};
  const Index index{.manifests = {
                        entry("application/x", Platform{}, 1),
                        entry(kManifestType, {.os = "unknown", .architecture = "unknown"}, 2),
                        entry(kDockerManifestType, Platform{.variant = "v3"}, 3),
                        entry(kManifestType, Platform{}, 4),
                        entry(kManifestType, Platform{}, 5),
                        entry(kManifestType, {.architecture = "arm64", .variant = "v8"}, 6),
                        entry(kManifestType, {.architecture = "arm", .variant = "v7"}, 7),
                    }};
  CHECK(choose(index, Platform{}).value().size_bytes == 4);
  CHECK(choose(index, Platform{.variant = "v3"}).value().size_bytes == 3);
  CHECK(choose(index, arm64).value().size_bytes == 6);
  CHECK(choose(index, Platform{.architecture = "arm"}).value().size_bytes == 7);

  const auto missing = choose(index, Platform{.architecture = "arm", .variant = "v6"});
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().kind() == ErrorKind::not_found);
  CHECK(missing.error().message() ==
        "the image is not there for linux/arm/v6, only for linux/amd64/v3, linux/amd64, "
        "linux/arm64/v8, linux/arm/v7");
}

TEST_CASE("choose: a lone manifest without a platform is taken, one of two is not") {
  const Descriptor bare{.media_type = std::string(kManifestType), .size_bytes = 3};
  CHECK(choose(Index{.manifests = {bare}}, Platform{}).value() == bare);
  CHECK(choose(Index{.manifests = {bare, bare}}, Platform{}).error().message() ==
        "the image is not there for linux/amd64");
  CHECK_FALSE(choose(Index{}, Platform{}).has_value());
}

}  // namespace
}  // namespace cogbuild::image
