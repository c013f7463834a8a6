#include "sample_layout.hpp"

#include <cogbuild/pull/local_image.hpp>

#include <doctest/doctest.h>

#include <string>

namespace cogbuild::pull {
namespace {

using namespace test;

TEST_CASE("save_image: load_image and open_image give back the same image") {
  Place place;
  const Sample made = sample();
  write_files(place.at("l"), layout_files(blobs_of(made), {made.manifest}));
  const auto image = value_of(place.open("oci:" + place.at("l").string()));
  CHECK(value_of(find_image("cog-x", place.keys)) == std::nullopt);
  value_of(save_image(image, "cog-x", place.blobs, place.keys));

  CHECK(value_of(find_image("cog-x", place.keys)) == made.manifest.digest);
  CHECK(value_of(find_image("docker.io/library/cog-x:latest", place.keys)) == made.manifest.digest);
  CHECK(value_of(find_image("cog-x:v2", place.keys)) == std::nullopt);
  CHECK(value_of(place.blobs.list()).size() == 2);
  for (const auto& loaded :
       {value_of(load_image("cog-x", place.blobs, place.keys)), value_of(place.open("cog-x"))}) {
    CHECK(loaded.manifest_json == image.manifest_json);
    CHECK(loaded.config_json == image.config_json);
    CHECK(loaded.manifest.media_type == image::kManifestType);
    CHECK(loaded.manifest.platform == image.manifest.platform);
    REQUIRE(loaded.layers.size() == 2);
    CHECK(loaded.layers[1].recipe == image.layers[1].recipe);
    CHECK(loaded.layers[1].diff_id == image.layers[1].diff_id);
    CHECK((value_of(place.layer(loaded, 0)) == made.packed[0]));
  }
  CHECK(value_of(place.base("cog-x")).summary.os_release == "Test OS");
}

TEST_CASE("load_image: a layer without a recipe may be a blob, or is gone") {
  Place place;
  const Sample made = sample();
  write_files(place.at("l"), layout_files(blobs_of(made), {made.manifest}));
  auto image = value_of(place.open("oci:" + place.at("l").string()));
  for (auto& layer : image.layers) layer.recipe.segments.clear();
  value_of(save_image(image, "cog-x", place.blobs, place.keys));
  value_of(store::put(place.blobs, made.packed[0]));
  const auto missing = load_image("cog-x", place.blobs, place.keys);
  REQUIRE_FALSE(missing);
  CHECK(render(missing.error()) ==
        "error: layer " + to_string(digest::digest_of(made.packed[1])) +
            " is no longer in the local store\n  while opening `cog-x` in the local store\n"
            "hint: build the image again\n");
  value_of(store::put(place.blobs, made.packed[1]));
  const auto loaded = value_of(load_image("cog-x", place.blobs, place.keys));
  CHECK((value_of(place.layer(loaded, 1)) == made.packed[1]));
}

TEST_CASE("load_image: no such name") {
  Place place;
  CHECK(error_of(load_image("cog-x", place.blobs, place.keys)) == "there is no image `cog-x` here");
  CHECK_FALSE(load_image("Not A Name", place.blobs, place.keys));
}

}  // namespace
}  // namespace cogbuild::pull
