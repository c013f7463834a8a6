#include "support/zip_builder.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/realise/realise.hpp>
#include <cogbuild/recipe/reader.hpp>

#include <doctest/doctest.h>

#include <string>

using namespace cogbuild;
using Members = std::vector<test::ZipBuilder::Member>;

namespace {

// A plan of wheels that lie in a directory, realised into a store in memory.
struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  http::ScriptedClient http{};
  io::DiskTree project{directory.path()};
  base::TreeSummary base{};
  bool use_cache = true;

  lock::LockedDistribution wheel(const std::string& name, const Members& files) {
    const std::string file_name = name + "-1.0-py3-none-any.whl";
    const std::string bytes = test::wheel(name, "1.0", files);
    const auto path = test::write_file(directory.path() / "wheels" / file_name, bytes);
    return {.name = name,
            .metadata_name = name,
            .version = "1.0",
            .file_name = file_name,
            .location = path.string(),
            .digest = digest::digest_of(bytes),
            .size_bytes = bytes.size()};
  }

  static plan::LayerPlan layer(std::vector<lock::LockedDistribution> wheels) {
    plan::LayerPlan layer{
        .kind = plan::LayerKind::python, .title = wheels.front().name, .mtime_seconds = 315532800};
    digest::Hasher key;
    for (const auto& wheel : wheels) key.update(to_string(wheel.digest));
    layer.key = key.finish();
    layer.content = plan::WheelLayer{.wheels = std::move(wheels),
                                     .scheme = {.interpreter = "/usr/bin/python3",
                                                .python = "3.11",
                                                .site_directory = "site",
                                                .scripts_directory = "bin",
                                                .include_directory = "include",
                                                .data_directory = "usr/local"}};
    return layer;
  }

  Result<std::vector<realise::Layer>> realise(std::vector<plan::LayerPlan> layers,
                                              int threads = 2) {
    return realise::realise(
        {.layers = std::move(layers)}, base,
        {.project = project,
         .blobs = blobs,
         .keys = keys,
         .fetch = {.http = http, .blobs = blobs, .clock = clock, .reporter = reporter},
         .wanted = [](const lock::LockedDistribution& wheel) -> Result<fetch::Wanted> {
           return fetch::Wanted{.label = wheel.file_name,
                                .location = wheel.location,
                                .digest = wheel.digest,
                                .size_bytes = wheel.size_bytes};
         },
         .clock = clock,
         .reporter = reporter,
         .threads = threads,
         .use_cache = use_cache});
  }
};

}  // namespace

TEST_CASE("realise: a layer is made once, then found by its key") {
  Fixture fixture;
  const auto layer =
      Fixture::layer({fixture.wheel("demo", Members{{.name = "demo.py", .content = "x"}})});
  const auto first = fixture.realise({layer});
  REQUIRE_MESSAGE(first, first.error().message());
  CHECK((*first)[0].recipe.has_value());
  CHECK((*first)[0].items ==
        std::vector<realise::ContentItem>{{.kind = "package",
                                           .name = "demo",
                                           .version = "1.0",
                                           .unpacked_bytes = (*first)[0].items[0].unpacked_bytes}});
  const auto second = fixture.realise({layer});
  REQUIRE(second);
  CHECK_FALSE((*second)[0].recipe.has_value());
  CHECK((*second)[0].digest == (*first)[0].digest);
  CHECK(fixture.keys.get(store::Table::recipe, to_string((*first)[0].digest))->has_value());
}

TEST_CASE("realise: a cached layer whose wheel is gone from the store is made again") {
  Fixture fixture;
  const auto wheel =
      fixture.wheel("demo", Members{{.name = "demo.so", .content = test::noise(100'000, 1)}});
  const auto layer = Fixture::layer({wheel});
  REQUIRE(fixture.realise({layer}));
  REQUIRE(fixture.blobs.remove(wheel.digest));
  const auto again = fixture.realise({layer});
  REQUIRE(again);
  CHECK((*again)[0].recipe.has_value());
}

TEST_CASE("realise: order and digests do not depend on threads") {
  const auto digests = [](int threads) {
    Fixture fixture;
    std::vector<plan::LayerPlan> layers;
    for (int i = 0; i < 12; ++i)
      layers.push_back(Fixture::layer({fixture.wheel(
          "demo" + std::to_string(i),
          Members{{.name = "m" + std::to_string(i) + ".so",
                   .content = test::noise(60'000, static_cast<std::uint32_t>(i))}})}));
    const auto realised = fixture.realise(std::move(layers), threads);
    REQUIRE_MESSAGE(realised, realised.error().message());
    std::vector<digest::Digest> out;
    for (const auto& layer : *realised) out.push_back(layer.digest);
    return out;
  };
  CHECK(digests(1) == digests(8));
}

TEST_CASE("realise: metadata that stands for a name is no second owner of anything") {
  Fixture fixture;
  auto cv2 = fixture.wheel("headless", Members{{.name = "cv2/__init__.py", .content = ""}});
  cv2.stands_for = {"opencv-python"};
  const auto other = fixture.wheel("other", Members{{.name = "other.py", .content = ""}});
  const auto realised = fixture.realise({Fixture::layer({cv2}), Fixture::layer({other})});
  REQUIRE_MESSAGE(realised, realised.error().message());
  // Beside the real distribution of that name and version it would be one.
  const auto gui = fixture.wheel("opencv_python", Members{{.name = "gui.py", .content = ""}});
  const auto clash = fixture.realise({Fixture::layer({cv2}), Fixture::layer({gui})});
  REQUIRE_FALSE(clash);
  CHECK(clash.error().kind() == ErrorKind::conflict);
}

TEST_CASE("realise: two wheels with one path conflict unless the content is equal") {
  Fixture fixture;
  const auto a = fixture.wheel("a", Members{{.name = "shared/__init__.py", .content = ""},
                                            {.name = "cv2/x.py", .content = "1"}});
  const auto b = fixture.wheel("b", Members{{.name = "shared/__init__.py", .content = ""},
                                            {.name = "cv2/x.py", .content = "2"}});
  const auto c = fixture.wheel("c", Members{{.name = "shared/__init__.py", .content = ""}});
  const auto clash = fixture.realise({Fixture::layer({a}), Fixture::layer({b})});
  REQUIRE_FALSE(clash);
  CHECK(clash.error().kind() == ErrorKind::conflict);
  CHECK(clash.error().message() == "a 1.0 and b 1.0 both own `/site/cv2/x.py`");
  CHECK(fixture.realise({Fixture::layer({a, c})}));
}

TEST_CASE("realise: a file of one wheel cannot be where another has a directory") {
  Fixture fixture;
  const auto a = fixture.wheel("a", Members{{.name = "shared", .content = "x"}});
  const auto b = fixture.wheel("b", Members{{.name = "shared-not.py", .content = ""},
                                            {.name = "shared/deep/x.py", .content = ""}});
  const auto clash = fixture.realise({Fixture::layer({a}), Fixture::layer({b})});
  REQUIRE_FALSE(clash);
  CHECK(clash.error().kind() == ErrorKind::conflict);
  CHECK(clash.error().message() ==
        "a 1.0 has a file `/site/shared`, of which b 1.0 needs a directory");
}

TEST_CASE("realise: a wheel cannot hide a directory of the base or run through a file of it") {
  Fixture fixture;
  fixture.base.tree.set("site", {.type = filetree::NodeType::directory, .mode = 0755});
  fixture.base.tree.set("site/taken", {.type = filetree::NodeType::directory, .mode = 0755});
  fixture.base.tree.set("site/file", {.type = filetree::NodeType::file});
  const auto hides = fixture.realise(
      {Fixture::layer({fixture.wheel("a", Members{{.name = "taken", .content = "x"}})})});
  REQUIRE_FALSE(hides);
  CHECK(hides.error().message() == "a 1.0 has a file `/site/taken` where the base has a directory");
  const auto through = fixture.realise(
      {Fixture::layer({fixture.wheel("b", Members{{.name = "file/x.py", .content = "x"}})})});
  REQUIRE_FALSE(through);
  CHECK(through.error().message() ==
        "b 1.0 needs a directory `/site/file` where the base has something else");
}

TEST_CASE("realise: content that differs from RECORD is refused and leaves no layer") {
  Fixture fixture;
  auto wheel = fixture.wheel("demo", Members{{.name = "demo.py", .content = "good"}});
  test::ZipBuilder builder;
  builder.add("demo.py", "evil")
      .add("demo-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n")
      .add("demo-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
      .add("demo-1.0.dist-info/RECORD",
           "demo.py,sha256=LXEWQrcmsEQBYnyp-6wy9chTD7GQPMTbAiWHF5IaSIE,4\n");
  test::write_file(wheel.location, builder.bytes());
  wheel.digest = digest::digest_of(builder.bytes());
  wheel.size_bytes = builder.bytes().size();
  const auto layer = Fixture::layer({wheel});
  const auto refused = fixture.realise({layer});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() ==
        "`demo.py` in demo-1.0-py3-none-any.whl differs from what its RECORD says");
  CHECK_FALSE(fixture.keys.get(store::Table::layer, to_string(layer.key))->has_value());
}

TEST_CASE("realise: a project file that changed after planning is an error") {
  Fixture fixture;
  const auto path = test::write_file(fixture.directory.path() / "run.py", "new");
  plan::LayerPlan layer{.title = "code"};
  layer.content = plan::FilesLayer{.files = {{.path = "src/run.py",
                                              .kind = plan::PlannedFile::Kind::project_file,
                                              .project_path = "run.py",
                                              .digest = digest::digest_of("old"),
                                              .stamp = *io::stamp(path)}}};
  const auto outcome = fixture.realise({layer});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind() == ErrorKind::integrity);
  CHECK(outcome.error().hints() ==
        std::vector<std::string>{"the file changed during the build; run it again"});
}

TEST_CASE("parse_layer: reads what to_json writes, and refuses damage") {
  realise::Layer layer{
      .media_type = "application/vnd.oci.image.layer.v1.tar",
      .digest = digest::digest_of("a"),
      .size_bytes = 7,
      .diff_id = digest::digest_of("b"),
      .unpacked_bytes = 9,
      .items = {{.kind = "package", .name = "x", .version = "1", .unpacked_bytes = 3}},
      .needs = {digest::digest_of("c")}};
  const auto parsed = realise::parse_layer(realise::to_json(layer));
  REQUIRE(parsed);
  CHECK(parsed->digest == layer.digest);
  CHECK(parsed->items == layer.items);
  CHECK(parsed->needs == layer.needs);
  CHECK_FALSE(realise::parse_layer("{}"));
  CHECK_FALSE(realise::parse_layer("not json"));
}
