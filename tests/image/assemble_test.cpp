#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/image/image.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::image {
namespace {

Layer layer(const std::string& name, std::string_view type = kLayerGzipType) {
  return {.descriptor = {.media_type = std::string(type),
                         .digest = digest::digest_of(name),
                         .size_bytes = name.size()},
          .diff_id = digest::digest_of("diff " + name),
          .created_by = name};
}

std::vector<History> history_of(const Image& image) {
  return parse_image_config(image.config_json).value().history;
}

TEST_CASE("assemble: layers lie on the base's, and every digest fits") {
  const ImageConfig base{
      .history = {{.created_by = "ADD"}, {.created_by = "ENV", .empty_layer = true}}};
  const Layer docker = layer("base", "application/vnd.docker.image.rootfs.diff.tar.gzip");
  const auto image = assemble(base, {docker}, {.platform = {.architecture = "arm64"}, .user = "me"},
                              {layer("code")}, {{"k", "v"}});

  const auto config = parse_image_config(image.config_json).value();
  CHECK(config.user == "me");
  CHECK(config.diff_ids ==
        std::vector{digest::digest_of("diff base"), digest::digest_of("diff code")});
  CHECK(config.history == std::vector<History>{{.created_by = "ADD"},
                                               {.created_by = "ENV", .empty_layer = true},
                                               {.created_by = "code"}});

  const auto manifest = std::get<Manifest>(parse_manifest(image.manifest_json).value());
  CHECK(manifest.config.digest == digest::digest_of(image.config_json));
  CHECK(manifest.config.size_bytes == image.config_json.size());
  CHECK(manifest.config.media_type == kConfigType);
  REQUIRE(manifest.layers.size() == 2);
  CHECK(manifest.layers[0].media_type == kLayerGzipType);
  CHECK(manifest.layers[1].digest == digest::digest_of("code"));
  CHECK(manifest.annotations == Annotations{{"k", "v"}});

  CHECK(image.manifest.digest == digest::digest_of(image.manifest_json));
  CHECK(image.manifest.size_bytes == image.manifest_json.size());
  CHECK(image.manifest.media_type == kManifestType);
  CHECK(image.manifest.platform == Platform{.architecture = "arm64"});
  REQUIRE(image.layers.size() == 2);
  CHECK(image.layers[0].descriptor.media_type == kLayerGzipType);
}

TEST_CASE("assemble: a base whose history does not fit gets one entry per layer") {
  const std::vector<History> expected{
      {.created_by = "base layer"}, {.created_by = "base layer"}, {.created_by = "code"}};
  const std::vector<std::vector<History>> unfit{
      {},
      {{.created_by = "one"}},
      {{.created_by = "1"}, {.created_by = "2"}, {.created_by = "3"}},
      {{.created_by = "1"}, {.created_by = "2", .empty_layer = true}},
  };
  for (const auto& history : unfit)
    CHECK(history_of(assemble({.history = history}, {layer("a"), layer("b")}, {}, {layer("code")},
                              {})) == expected);
}

TEST_CASE("assemble: diff_ids and history of the given config are replaced, not added to") {
  const ImageConfig stale{.diff_ids = {digest::digest_of("x")}, .history = {{.created_by = "x"}}};
  const auto image = assemble({}, {}, stale, {layer("code")}, {});
  CHECK(parse_image_config(image.config_json).value().diff_ids ==
        std::vector{digest::digest_of("diff code")});
  CHECK(history_of(image) == std::vector<History>{{.created_by = "code"}});
}

TEST_CASE("assemble: equal inputs give equal bytes") {
  const auto once = assemble({}, {layer("a")}, {}, {layer("b")}, {{"k", "v"}});
  const auto again = assemble({}, {layer("a")}, {}, {layer("b")}, {{"k", "v"}});
  CHECK(once.manifest_json == again.manifest_json);
  CHECK(once.config_json == again.config_json);
}

}  // namespace
}  // namespace cogbuild::image
