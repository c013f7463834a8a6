#include "sample_image.hpp"

#include <cogbuild/image/manifest.hpp>
#include <cogbuild/push/oci_archive.hpp>
#include <cogbuild/push/oci_layout.hpp>

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace cogbuild;
using namespace cogbuild::push;
using namespace cogbuild::push::test;
namespace fs = std::filesystem;

namespace {

constexpr const char* kNoIndexHint = "choose a new directory";

struct Fixture {
  io::TempDir place = value_of(io::TempDir::create());
  SampleOpener opener{};
  progress::Silent reporter{};
  fs::path layout = place.path() / "layout";

  Result<void> write(const image::Image& image, const std::string& tag = "v1") {
    return write_oci_layout(image, {.ref_name = tag, .image_name = "docker.io/library/a:" + tag},
                            layout, {opener, reporter});
  }
  [[nodiscard]] fs::path blob(const digest::Digest& digest) const {
    return layout / "blobs" / "sha256" / digest.hex();
  }
  [[nodiscard]] std::vector<std::string> ref_names() const {
    const auto index = std::get<image::Index>(
        value_of(image::parse_manifest(value_of(io::read_file(layout / "index.json")))));
    std::vector<std::string> names;
    for (const auto& entry : index.manifests)
      names.push_back(entry.annotations.at("org.opencontainers.image.ref.name"));
    return names;
  }
};

std::set<std::string> names_in(const fs::path& directory) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
  return names;
}

}  // namespace

TEST_CASE("write_oci_layout: a layout holds marker, index and every blob, and nothing else") {
  Fixture f;
  const auto image = image_of({literal_layer("first"), stored_layer(f.opener, "second"),
                               literal_layer("first", "the same again")});
  value_of(f.write(image));
  CHECK(names_in(f.layout) == std::set<std::string>{"blobs", "index.json", "oci-layout"});
  CHECK(value_of(io::read_file(f.layout / "oci-layout")) == R"({"imageLayoutVersion":"1.0.0"})");
  CHECK(names_in(f.layout / "blobs" / "sha256").size() == 4);  // two layers, config, manifest
  for (const auto& name : names_in(f.layout / "blobs" / "sha256"))
    CHECK(digest::digest_of(value_of(io::read_file(f.layout / "blobs" / "sha256" / name))).hex() ==
          name);
  CHECK(value_of(io::read_file(f.blob(image.manifest.digest))) == image.manifest_json);
  CHECK(
      value_of(io::read_file(f.layout / "index.json")) ==
      R"({"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[)"
      R"({"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":")" +
          to_string(image.manifest.digest) + R"(","size":)" +
          std::to_string(image.manifest.size_bytes) +
          R"(,"annotations":{"io.containerd.image.name":"docker.io/library/a:v1",)"
          R"("org.opencontainers.image.ref.name":"v1"},"platform":{"architecture":"amd64","os":"linux"}}]})");
}

TEST_CASE("write_oci_layout: other images stay, the same ref name is replaced in its place") {
  Fixture f;
  const auto first = image_of({literal_layer("first")});
  const auto second = image_of({literal_layer("second")});
  value_of(f.write(first, "a"));
  value_of(f.write(first, "b"));
  value_of(f.write(second, "a"));
  CHECK(f.ref_names() == std::vector<std::string>{"a", "b"});
  const auto index = value_of(io::read_file(f.layout / "index.json"));
  CHECK(index.find(to_string(second.manifest.digest)) <
        index.find(to_string(first.manifest.digest)));
}

TEST_CASE("write_oci_layout: what other tools wrote into index.json is kept as it is") {
  Fixture f;
  const auto image = image_of({literal_layer("x")});
  value_of(f.write(image));
  const std::string foreign =
      R"({"mediaType":"x/y","digest":"sha512:00","size":1,"artifactType":"z","data":"AA=="})";
  value_of(io::write_atomically(
      f.layout / "index.json", R"({"schemaVersion":2,"other":[1],"manifests":[)" + foreign + "]}"));
  value_of(f.write(image));
  const auto index = value_of(io::read_file(f.layout / "index.json"));
  CHECK(index.starts_with(R"({"schemaVersion":2,"other":[1],"manifests":[)" + foreign + ","));
}

TEST_CASE("write_oci_layout: blobs of the right size are kept, others written again") {
  Fixture f;
  const auto image = image_of({literal_layer("first"), literal_layer("second")});
  value_of(f.write(image));
  const auto kept = f.blob(image.layers[0].descriptor.digest);
  const auto cut = f.blob(image.layers[1].descriptor.digest);
  const auto before = value_of(io::stamp(kept));
  fs::resize_file(cut, 2);
  value_of(f.write(image));
  CHECK(value_of(io::stamp(kept)) == before);
  CHECK(value_of(io::read_file(cut)) == "second");
}

TEST_CASE("write_oci_layout: a changed source leaves neither its blob nor an index") {
  Fixture f;
  const auto weights = f.place.path() / "weights.bin";
  value_of(io::write_atomically(weights, "0123456789"));
  const auto image = image_of({literal_layer("first"), file_layer(weights)});
  value_of(io::write_atomically(weights, "01234567x9"));
  const auto written = f.write(image);
  REQUIRE(!written);
  CHECK(written.error().kind() == ErrorKind::integrity);
  CHECK(written.error().message() == weights.string() + " changed since it was hashed");
  CHECK(!fs::exists(f.layout / "index.json"));
  CHECK(!fs::exists(f.blob(image.layers[1].descriptor.digest)));
  CHECK(names_in(f.layout) == std::set<std::string>{"blobs", "oci-layout"});
}

TEST_CASE("write_oci_layout: a stored blob with other bytes is refused") {
  Fixture f;
  auto layer = stored_layer(f.opener, "other bytes");
  layer.recipe.digest = layer.descriptor.digest = digest::digest_of("other_bytes");
  const auto written = f.write(image_of({layer}));
  REQUIRE(!written);
  CHECK(written.error().kind() == ErrorKind::integrity);
  CHECK(!fs::exists(f.layout / "index.json"));
}

TEST_CASE("write_oci_layout: a directory of something else is left alone") {
  Fixture f;
  fs::create_directories(f.layout);
  value_of(io::write_atomically(f.layout / "precious", "x"));
  const auto written = f.write(image_of({}));
  REQUIRE(!written);
  CHECK(written.error().kind() == ErrorKind::conflict);
  CHECK(written.error().message() == "`" + f.layout.string() + "` is not empty and no OCI layout");
  CHECK(written.error().hints() == std::vector<std::string>{kNoIndexHint});
  CHECK(names_in(f.layout) == std::set<std::string>{"precious"});
}

TEST_CASE("write_oci_layout: a damaged index.json is an error and stays") {
  for (const std::string damaged :
       {"", "{", "[]", "null", R"({"manifests":{}})", R"({"manifests":3})"}) {
    CAPTURE(damaged);
    Fixture f;
    value_of(f.write(image_of({})));
    value_of(io::write_atomically(f.layout / "index.json", damaged));
    const auto written = f.write(image_of({literal_layer("x")}));
    CHECK(error_of(written) == "index.json is no image index");
    CHECK(value_of(io::read_file(f.layout / "index.json")) == damaged);
  }
}

TEST_CASE("layout_name: the tag, latest without one, and the reference without its digest") {
  const std::string at = "@" + to_string(digest::digest_of("x"));
  struct Row {
    std::string text, ref_name, image_name;
  };
  for (const auto& row : std::vector<Row>{
           {"model", "latest", "docker.io/library/model:latest"},
           {"r8.im/a/b:v1", "v1", "r8.im/a/b:v1"},
           {"r8.im/a/b:v1" + at, "v1", "r8.im/a/b:v1"},
           {"r8.im/a/b" + at, "latest", "r8.im/a/b:latest"},
       }) {
    CAPTURE(row.text);
    const auto name = layout_name(value_of(image::parse_reference(row.text)));
    CHECK(name.ref_name == row.ref_name);
    CHECK(name.image_name == row.image_name);
  }
}
