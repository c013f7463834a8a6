#include "sample_layout.hpp"

#include <cogbuild/pull/open_image.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace cogbuild::pull {
namespace {

using namespace test;

std::string write_layout(Place& place, const Sample& made) {
  std::filesystem::remove_all(place.at("l"));
  write_files(place.at("l"), layout_files(blobs_of(made), {made.manifest}));
  return "oci:" + place.at("l").string();
}

TEST_CASE("open_base: the summary of the layers, in order, each streamed once") {
  Place place;
  const Sample made = sample();
  const std::string source = write_layout(place, made);
  const auto base = value_of(place.base(source));
  CHECK(base.name == source);
  CHECK(base.manifest.digest == made.manifest.digest);
  CHECK(base.layers.size() == 2);
  CHECK(base.summary.os_release == "Test OS");
  REQUIRE(base.summary.interpreter);
  CHECK(base.summary.interpreter->path == "/usr/bin/python3.11");
  CHECK(base.summary.layer_unpacked_bytes ==
        std::vector<std::uint64_t>{made.tars[0].size(), made.tars[1].size()});
  const auto& tree = base.summary.tree;
  CHECK(tree.find("usr/lib/gone") == nullptr);
  CHECK(tree.find("etc/new") != nullptr);
  CHECK(tree.find("lib")->type == filetree::NodeType::directory);
  CHECK(place.reporter.starts() ==
        std::vector<std::string>{"reading base layer 1 of 2", "reading base layer 2 of 2"});

  const auto again = value_of(place.base(source));
  CHECK(again.summary == base.summary);
  CHECK(place.reporter.starts().size() == 2);
  // A cached summary that cannot be read is made anew.
  for (const auto& [key, value] : value_of(place.keys.list(store::Table::tree)))
    value_of(place.keys.put(store::Table::tree, key, "cogbuild-base-summary 0\n"));
  CHECK(value_of(place.base(source)).summary == base.summary);
  CHECK(place.reporter.starts().size() == 4);
  CHECK(value_of(place.blobs.list()).empty());
}

TEST_CASE("open_base: hostile layers are errors that name the layer") {
  struct Case {
    std::string tar{};
    std::string text{};
  };
  const std::vector<Case> table = {
      {raw_tar({{.name = "../x"}}), "the entry name `../x` climbs out with `..`"},
      {raw_tar({{.name = "/etc/passwd"}}), "the entry name `/etc/passwd` is absolute"},
      {raw_tar({symlink("a", "b"), symlink("b", "a"), {.name = "a/x"}}),
       "`a` leads through more than 40 symlinks"},
      {raw_tar({{.name = ".wh."}}), "the whiteout `.wh.` names nothing"},
      {raw_tar({hardlink("h", "absent")}), "the hardlink `h` leads to `absent`, which is no file"},
      {raw_tar({{.name = "a", .content = "x", .false_size = 1 << 20}}).substr(0, 1024),
       "the tar is damaged: Truncated input file (needed 1048576 bytes, only 512 available)"}};
  for (const auto& [tar, text] : table) {
    CAPTURE(text);
    Place place;
    const Sample made = sample({tar});
    const auto base = place.base(write_layout(place, made));
    REQUIRE_FALSE(base);
    CHECK(base.error().message() == text);
    CHECK(base.error().steps().back() == "reading layer " +
                                             to_string(digest::digest_of(made.packed[0])) +
                                             " of the base `oci:" + place.at("l").string() + "`");
    CHECK(value_of(place.keys.list(store::Table::tree)).empty());
  }
}

TEST_CASE("open_base: layers with another digest, diff_id or a cut stream") {
  Place place;
  const Sample made = sample({base_tar()});
  const std::string source = write_layout(place, made);
  const auto blob = place.at("l") / "blobs/sha256" / digest::digest_of(made.packed[0]).hex();
  std::string other = made.packed[0];
  other[other.size() - 1300] ^= 1;
  value_of(io::write_atomically(blob, other));
  CHECK(place.base(source).error().kind() == ErrorKind::integrity);
  CHECK(value_of(place.keys.list(store::Table::tree)).empty());

  // The config tells another diff_id than the layer has.
  image::ImageConfig config = value_of(image::parse_image_config(made.config_json));
  config.diff_ids[0] = digest::digest_of("else");
  Sample lying = made;
  lying.config_json = image::to_json(config);
  auto manifest = std::get<image::Manifest>(value_of(image::parse_manifest(made.manifest_json)));
  manifest.config = describe(image::kConfigType, lying.config_json);
  lying.manifest_json = image::to_json(manifest);
  lying.manifest = describe(image::kManifestType, lying.manifest_json);
  CHECK(error_of(place.base(write_layout(place, lying))) ==
        "its diff_id is " + to_string(digest::digest_of(made.tars[0])) + ", but the config says " +
            to_string(digest::digest_of("else")));

  // A layer whose gzip stream ends early, though its digest is what the manifest says.
  Sample cut = made;
  cut.packed[0].resize(cut.packed[0].size() - 5);
  manifest = std::get<image::Manifest>(value_of(image::parse_manifest(made.manifest_json)));
  manifest.layers[0] = describe(image::kLayerGzipType, cut.packed[0]);
  cut.manifest_json = image::to_json(manifest);
  cut.manifest = describe(image::kManifestType, cut.manifest_json);
  CHECK(error_of(place.base(write_layout(place, cut))) ==
        "compressed data is damaged: it ends early");
}

}  // namespace
}  // namespace cogbuild::pull
