#include "sample_layout.hpp"

#include <cogbuild/pull/open_image.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::pull {
namespace {

using namespace test;

void check_is(const image::Image& image, const Sample& made, Place& place) {
  CHECK(image.config_json == made.config_json);
  CHECK(image.manifest.platform == image::Platform{});
  REQUIRE(image.layers.size() == made.packed.size());
  for (std::size_t i = 0; i < image.layers.size(); ++i) {
    CHECK(image.layers[i].diff_id == digest::digest_of(made.tars[i]));
    CHECK(image.layers[i].created_by == "step " + std::to_string(i));
    CHECK((value_of(place.layer(image, i)) == made.packed[i]));
  }
}

TEST_CASE("open_image: a layout, as a directory and as an archive") {
  Place place;
  const Sample made = sample();
  const auto files = layout_files(blobs_of(made), {tagged(made.manifest, "v1")});
  write_files(place.at("layout"), files);
  write_tar(place.at("layout.tar"), files);
  for (const std::string& source :
       {"oci:" + place.at("layout").string(), "oci:" + place.at("layout").string() + ":v1",
        "oci-archive:" + place.at("layout.tar").string(),
        "oci-archive:" + place.at("layout.tar").string() + ":v1"}) {
    CAPTURE(source);
    const auto image = value_of(place.open(source));
    CHECK(image.manifest_json == made.manifest_json);
    CHECK(image.manifest.digest == made.manifest.digest);
    check_is(image, made, place);
  }
  CHECK(value_of(place.blobs.list()).empty());
}

TEST_CASE("open_image: tags and platforms choose among several images") {
  Place place;
  const Sample amd = sample();
  const Sample arm = sample({base_tar()}, {.os = "linux", .architecture = "arm64"});
  const std::string name = "oci:" + place.at("l").string();
  std::vector<std::string> blobs = blobs_of(amd);
  for (const auto& blob : blobs_of(arm)) blobs.push_back(blob);

  write_files(place.at("l"),
              layout_files(blobs, {tagged(amd.manifest, "a"), tagged(arm.manifest, "b")}));
  CHECK(value_of(place.open(name + ":a")).manifest.digest == amd.manifest.digest);
  CHECK(error_of(place.open(name)) == name + " holds several images: a, b");
  CHECK(error_of(place.open(name + ":c")) == name + " holds no image `c`, only a, b");
  CHECK(error_of(place.open(name + ":b")) ==
        "the image is not there for linux/amd64, only for linux/arm64");

  auto amd_entry = amd.manifest;
  amd_entry.platform = image::Platform{};
  auto arm_entry = arm.manifest;
  arm_entry.platform = image::Platform{.os = "linux", .architecture = "arm64"};
  const std::string index = image::to_json(image::Index{.manifests = {arm_entry, amd_entry}});
  blobs.push_back(index);
  write_files(place.at("l"), layout_files(blobs, {describe(image::kIndexType, index)}));
  CHECK(value_of(place.open(name)).manifest.digest == amd.manifest.digest);
  CHECK(value_of(place.open(name, *arm_entry.platform)).manifest.digest == arm.manifest.digest);
  CHECK(error_of(place.open(name, {.os = "linux", .architecture = "s390x"})) ==
        "the image is not there for linux/s390x, only for linux/arm64, linux/amd64");
}

TEST_CASE("open_image: indexes are nested at most four deep") {
  Place place;
  const Sample made = sample();
  std::vector<std::string> blobs = blobs_of(made);
  image::Descriptor inner = made.manifest;
  for (int depth = 1; depth <= 5; ++depth) {
    const std::string index = image::to_json(image::Index{.manifests = {inner}});
    blobs.push_back(index);
    inner = describe(image::kIndexType, index);
    write_files(place.at("l"), layout_files(blobs, {inner}));
    CHECK(error_of(place.open("oci:" + place.at("l").string())) ==
          (depth <= 4 ? "no error" : "indexes are nested more than 4 deep"));
  }
}

TEST_CASE("open_image: layouts that are damaged") {
  Place place;
  const Sample made = sample();
  const std::string name = "oci:" + place.at("l").string();
  const auto write = [&](const std::vector<std::string>& blobs) {
    std::filesystem::remove_all(place.at("l"));
    write_files(place.at("l"), layout_files(blobs, {made.manifest}));
  };
  const auto blob = [&](const std::string& content) {
    return place.at("l") / "blobs/sha256" / digest::digest_of(content).hex();
  };
  CHECK(error_of(place.open(name)) == name + " is no OCI layout");

  write({made.packed[0], made.config_json, made.manifest_json});
  CHECK(error_of(place.open(name)) ==
        "blob " + to_string(digest::digest_of(made.packed[1])) + " is missing");

  write(blobs_of(made));
  value_of(io::write_atomically(blob(made.packed[1]), "short"));
  CHECK(error_of(place.open(name)) == "layer " + to_string(digest::digest_of(made.packed[1])) +
                                          " has 5 bytes, expected " +
                                          std::to_string(made.packed[1].size()));

  std::string other = made.config_json;
  other[2] = 'x';
  value_of(io::write_atomically(blob(made.config_json), other));
  CHECK(error_of(place.open(name)) == "the config has digest " +
                                          to_string(digest::digest_of(other)) + ", expected " +
                                          to_string(digest::digest_of(made.config_json)));
  value_of(io::write_atomically(blob(made.config_json), other + " "));
  CHECK(error_of(place.open(name)).ends_with(" bytes, expected " + std::to_string(other.size())));

  value_of(
      io::write_atomically(place.at("l") / "oci-layout", "{\"imageLayoutVersion\":\"2.0.0\"}"));
  CHECK(error_of(place.open(name)) == name + " has a layout of another version than 1.0.0");
  value_of(io::write_atomically(place.at("l") / "oci-layout", "[[["));
  CHECK(error_of(place.open(name)) == name + " is no OCI layout");
}

TEST_CASE("open_image: a config and a manifest that disagree") {
  Place place;
  Sample made = sample();
  image::ImageConfig config = value_of(image::parse_image_config(made.config_json));
  config.diff_ids.pop_back();
  const std::string config_json = image::to_json(config);
  auto manifest = std::get<image::Manifest>(value_of(image::parse_manifest(made.manifest_json)));
  manifest.config = describe(image::kConfigType, config_json);
  const std::string manifest_json = image::to_json(manifest);
  write_files(place.at("l"),
              layout_files({made.packed[0], made.packed[1], config_json, manifest_json},
                           {describe(image::kManifestType, manifest_json)}));
  CHECK(error_of(place.open("oci:" + place.at("l").string())) ==
        "the config tells of 1 layers, the manifest of 2");
}

TEST_CASE("open_image: a layer that changed after it was opened is refused") {
  Place place;
  const Sample made = sample();
  write_files(place.at("l"), layout_files(blobs_of(made), {made.manifest}));
  const auto image = value_of(place.open("oci:" + place.at("l").string()));
  std::string other = made.packed[1];
  other[0] = 'X';
  value_of(io::write_atomically(
      place.at("l") / "blobs/sha256" / digest::digest_of(made.packed[1]).hex(), other));
  const auto read = place.layer(image, 1);
  REQUIRE_FALSE(read);
  CHECK(read.error().kind() == ErrorKind::integrity);
}

TEST_CASE("open_image: archives that are compressed or no archives") {
  Place place;
  const Sample made = sample();
  write_tar(place.at("a.tar"), layout_files(blobs_of(made), {made.manifest}));
  const auto tar = value_of(io::read_file(place.at("a.tar")));
  value_of(io::write_atomically(place.at("a.tar.gz"), stored_gzip(tar)));
  CHECK(error_of(place.open("oci-archive:" + place.at("a.tar.gz").string())) ==
        place.at("a.tar.gz").string() + " is compressed");
  CHECK(error_of(place.open("docker-archive:" + place.at("a.tar").string())) ==
        "docker-archive:" + place.at("a.tar").string() +
            " is no archive of `docker save`: it has no manifest.json");
  CHECK(place.open("oci-archive:" + place.at("absent").string()).error().kind() ==
        ErrorKind::not_found);
}

std::string docker_manifest(const std::string& config, const std::vector<std::string>& layers,
                            const std::string& tags = "[\"me/x:v1\"]") {
  std::string list;
  for (const auto& layer : layers) list += (list.empty() ? "\"" : ",\"") + layer + "\"";
  return "{\"Config\":\"" + config + "\",\"RepoTags\":" + tags + ",\"Layers\":[" + list + "]}";
}

TEST_CASE("open_image: an archive of docker save, layers raw, compressed and linked") {
  Place place;
  const Sample made = sample();
  const std::string source = "docker-archive:" + place.at("d.tar").string();
  value_of(io::write_atomically(
      place.at("d.tar"),
      raw_tar({{.name = "c.json", .content = made.config_json},
               {.name = "one/layer.tar", .content = made.packed[0]},
               {.name = "two/real.tar", .content = made.packed[1]},
               symlink("three/layer.tar", "../two/real.tar"),
               {.name = "manifest.json",
                .content = "[" + docker_manifest("c.json", {"one/layer.tar", "three/layer.tar"}) +
                           "]"}})));
  const auto image = value_of(place.open(source));
  check_is(image, made, place);
  CHECK(image.layers[0].descriptor.media_type == image::kLayerGzipType);
  CHECK(image.layers[1].descriptor.media_type == image::kLayerTarType);
  CHECK(image.manifest.digest == digest::digest_of(image.manifest_json));
  CHECK(value_of(place.open(source + ":v1")).manifest == image.manifest);
  CHECK(error_of(place.open(source + ":v2")) == source + " holds no image `v2`, only me/x:v1");

  // The compressed layer's digest is remembered: one row, and the same answer.
  const auto rows = value_of(place.keys.list(store::Table::file));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].second.ends_with(to_string(digest::digest_of(made.packed[0]))));
  CHECK(value_of(place.open(source)).manifest == image.manifest);
}

TEST_CASE("open_image: an archive of docker save whose manifest points elsewhere") {
  Place place;
  const Sample made = sample();
  const std::string source = "docker-archive:" + place.at("d.tar").string();
  const auto message = [&](const std::string& manifest, std::vector<RawEntry> more = {}) {
    std::vector<RawEntry> entries{{.name = "c.json", .content = made.config_json},
                                  {.name = "l", .content = made.packed[0]},
                                  {.name = "manifest.json", .content = manifest}};
    for (auto& entry : more) entries.push_back(std::move(entry));
    value_of(io::write_atomically(place.at("d.tar"), raw_tar(entries)));
    return error_of(place.open(source));
  };
  const std::string archive = place.at("d.tar").string();
  CHECK(message("[" + docker_manifest("../../etc/passwd", {"l", "l"}) + "]") ==
        "the entry name `../../etc/passwd` climbs out with `..`");
  CHECK(message("[" + docker_manifest("c.json", {"/etc/passwd", "l"}) + "]") ==
        "the entry name `/etc/passwd` is absolute");
  CHECK(message("[" + docker_manifest("c.json", {"absent", "l"}) + "]") ==
        archive + " holds no `absent`");
  CHECK(message("[" + docker_manifest("c.json", {"out", "l"}) + "]",
                {symlink("out", "../../etc/passwd")}) ==
        "the entry name `../../etc/passwd` climbs out with `..`");
  CHECK(message("[" + docker_manifest("c.json", {"loop", "l"}) + "]", {symlink("loop", "loop")}) ==
        "`loop` in " + archive + " is no file");
  CHECK(message("[" + docker_manifest("c.json", {"l"}) + "]") ==
        "the config tells of 2 layers, manifest.json of 1");
  CHECK(message("[" + docker_manifest("c.json", {"l"}) + "," +
                docker_manifest("c.json", {"l"}, "[\"y:v2\"]") + "]") ==
        source + " holds several images: me/x:v1, y:v2");
  for (const char* text : {"", "{}", "[]", "[1]", "[{}]", "[{\"Config\":1}]",
                           "[{\"Config\":\"c.json\",\"Layers\":[1]}]", "[[[[["})
    CHECK(message(text) == "manifest.json of " + source + " is malformed");
}

}  // namespace
}  // namespace cogbuild::pull
