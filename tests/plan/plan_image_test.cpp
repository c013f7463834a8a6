#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/plan/plan_image.hpp>

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace cogbuild;
using plan::CompressionChoice;
using plan::LayerKind;

namespace {

filetree::Node directory(std::uint32_t mode = 0755, std::uint32_t gid = 0) {
  return {.type = filetree::NodeType::directory, .mode = mode, .gid = gid};
}
filetree::Node link(const std::string& target) {
  return {.type = filetree::NodeType::symlink, .mode = 0777, .link_target = target};
}

// A Debian-like base with Python 3.11 and tini, and a project of one code file.
struct Fixture {
  config::Config config{};
  lock::Lock lock{.python_version = "3.11.2"};
  project::Listing listing{};
  std::map<std::string, digest::Digest> contents{};
  std::map<std::string, std::string> sources{};
  std::map<std::string, bool> compressible{};
  base::BaseImage base{};
  plan::PlanOptions options{
      .gzip_identity = "gz 1", .stored_identity = "st 1", .zstd_identity = "zs 1"};

  Fixture() {
    config.python_version.value = "3.11";
    config.predict.value = "run.py:Runner";
    auto& tree = base.summary.tree;
    for (const std::string path :
         {"usr", "usr/bin", "usr/sbin", "usr/lib", "usr/local", "usr/local/bin", "usr/local/lib"})
      tree.set(path, directory());
    tree.set("bin", link("usr/bin"));
    tree.set("sbin", link("usr/sbin"));
    tree.set("usr/bin/tini", {});
    tree.set("usr/bin/python3.11", {});
    base.summary.interpreter =
        base::Interpreter{.path = "/usr/bin/python3.11",
                          .version = "3.11.2",
                          .prefix = "/usr/local",
                          .site_directory = "/usr/local/lib/python3.11/dist-packages"};
    base.config.environment = {{"PATH", "/usr/local/bin:/usr/bin"},
                               {"LD_LIBRARY_PATH", "/opt/lib"}};
    base.config.diff_ids = {digest::digest_of("base")};
    base.layers.resize(1);
    add_file("run.py", 10);
  }
  void add_file(const std::string& path, std::uint64_t size,
                project::FileRole role = project::FileRole::code) {
    project::ProjectFile file{.path = path, .role = role};
    file.stamp = {
        .inode = listing.files.size() + 1, .size_bytes = size, .mtime_ns = 5, .ctime_ns = 6};
    listing.files.push_back(file);
    if (role == project::FileRole::code)
      contents[path] = digest::digest_of(path);
    else
      sources[path] = "/project/" + path;
  }
  Result<plan::ImagePlan> plan() const {
    return plan::plan_image({.config = config,
                             .lock = lock,
                             .listing = listing,
                             .contents = contents,
                             .sources = sources,
                             .compressible = compressible,
                             .base = base,
                             .base_layers = base.config.diff_ids.size()},
                            options);
  }
  plan::ImagePlan planned() const {
    auto made = plan();
    REQUIRE_MESSAGE(made, made.error().message());
    return *std::move(made);
  }
};

const plan::LayerPlan& code(const plan::ImagePlan& plan) { return plan.layers.back(); }

std::string environment(const plan::ImagePlan& plan, const std::string& name) {
  const auto* value = image::find_environment(plan.config, name);
  return value == nullptr ? "(unset)" : *value;
}

}  // namespace

TEST_CASE("plan_image: the container is what Cog's would be") {
  Fixture fixture;
  fixture.config.train.value = "train.py:train";
  fixture.config.concurrency_max = 4;
  fixture.config.environment = {{"A", "1"}, {"B", "with space $X"}};
  const auto plan = fixture.planned();
  CHECK(plan.config.entrypoint == std::vector<std::string>{"/sbin/tini", "--"});
  CHECK(plan.config.command == std::vector<std::string>{"python", "-m", "cog.server.http"});
  CHECK(plan.config.working_directory == "/src");
  CHECK(plan.config.exposed_ports == std::vector<std::string>{"5000/tcp"});
  std::vector<std::string> names;
  for (const auto& [name, value] : plan.config.environment) names.push_back(name);
  CHECK(names == std::vector<std::string>{
                     "PATH", "LD_LIBRARY_PATH", "DEBIAN_FRONTEND", "PYTHONUNBUFFERED",
                     "NVIDIA_DRIVER_CAPABILITIES", "A", "B", "UV_SYSTEM_PYTHON", "CFLAGS",
                     "COG_PREDICT_TYPE_STUB", "COG_TRAIN_TYPE_STUB", "COG_MAX_CONCURRENCY"});
  CHECK(environment(plan, "LD_LIBRARY_PATH") ==
        "/opt/lib:/usr/lib/x86_64-linux-gnu:/usr/local/nvidia/lib64:/usr/local/nvidia/bin");
  CHECK(environment(plan, "B") == "with space $X");
  CHECK(environment(plan, "COG_PREDICT_TYPE_STUB") == "run.py:Runner");
  CHECK(environment(plan, "COG_MAX_CONCURRENCY") == "4");
  CHECK(plan.config.labels.at("run.cog.has_init") == "true");
  CHECK(plan.config.labels.at("run.cog.openapi_schema").empty());
  CHECK(plan.config.labels.at("run.cog.cog-base-image-last-layer-idx") == "0");
  CHECK_FALSE(plan.config.labels.contains("run.cog.cog-base-image-name"));
  CHECK(plan.config.created == "1980-01-01T00:00:00Z");
}

TEST_CASE("plan_image: without an inherited library path the value begins with a colon, as Cog's") {
  Fixture fixture;
  fixture.base.config.environment = {};
  CHECK(environment(fixture.planned(), "LD_LIBRARY_PATH") ==
        ":/usr/lib/x86_64-linux-gnu:/usr/local/nvidia/lib64:/usr/local/nvidia/bin");
}

TEST_CASE("plan_image: tini and python are linked where the base has them elsewhere") {
  Fixture fixture;
  const auto plan = fixture.planned();
  const auto& links = std::get<plan::FilesLayer>(plan.layers[0].content).files;
  REQUIRE(links.size() == 2);
  CHECK(links[0].path == "usr/local/bin/python");
  CHECK(links[0].content == "/usr/bin/python3.11");
  CHECK(links[1].path == "usr/sbin/tini");  // through the base's `sbin -> usr/sbin`
  CHECK(links[1].content == "/usr/bin/tini");
}

TEST_CASE(
    "plan_image: a base with both needs no links; one without tini is an error or takes ours") {
  Fixture complete;
  complete.base.summary.tree.set("usr/sbin/tini", {});
  complete.base.summary.tree.set("usr/bin/python", link("python3.11"));
  CHECK(complete.planned().layers.size() == 1);

  Fixture bare;
  bare.base.summary.tree.remove("usr/bin/tini");
  const auto refused = bare.plan();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "the base image has no tini, which starts the model server");
  bare.options.tini = "ELF";
  const auto plan = bare.planned();
  const auto& files = std::get<plan::FilesLayer>(plan.layers[0].content).files;
  CHECK(files[1].content == "ELF");
  CHECK(files[1].mode == 0755);
}

TEST_CASE("plan_image: layers stand in the order of how often they change") {
  Fixture fixture;
  fixture.add_file("weights/a.bin", 500'000'000, project::FileRole::weights);
  fixture.lock.distributions = {
      {.name = "cog",
       .metadata_name = "cog",
       .version = "0.23.1",
       .size_bytes = 100,
       .group = lock::Group::runtime},
      {.name = "torch", .metadata_name = "torch", .version = "2.3", .size_bytes = 800'000'000}};
  std::vector<LayerKind> kinds;
  for (const auto& layer : fixture.planned().layers) kinds.push_back(layer.kind);
  CHECK(kinds == std::vector<LayerKind>{LayerKind::python, LayerKind::runtime, LayerKind::runtime,
                                        LayerKind::weights, LayerKind::code});
}

TEST_CASE("plan_image: a code edit changes the key of the code layer alone") {
  Fixture fixture;
  fixture.add_file("weights/a.bin", 500'000'000, project::FileRole::weights);
  const auto before = fixture.planned();
  fixture.contents["run.py"] = digest::digest_of("edited");
  const auto after = fixture.planned();
  REQUIRE(before.layers.size() == after.layers.size());
  for (std::size_t i = 0; i + 1 < before.layers.size(); ++i)
    CHECK(before.layers[i].key == after.layers[i].key);
  CHECK(code(before).key != code(after).key);
}

TEST_CASE("plan_image: times, owners and inodes of code files are not in its key") {
  Fixture fixture;
  const auto before = fixture.planned();
  fixture.listing.files[0].stamp.mtime_ns += 1'000'000;
  fixture.listing.files[0].stamp.inode = 99;
  CHECK(code(fixture.planned()).key == code(before).key);
  fixture.listing.files[0].executable = true;
  CHECK(code(fixture.planned()).key != code(before).key);
}

TEST_CASE("plan_image: every input of a layer's bytes changes its key") {
  Fixture fixture;
  fixture.add_file("w.bin", 20'000'000, project::FileRole::weights);
  fixture.lock.distributions = {{.name = "x", .version = "1", .file_name = "x-1-py3-none-any.whl"}};
  const auto keys = [&] {
    std::vector<digest::Digest> out;
    for (const auto& layer : fixture.planned().layers) out.push_back(layer.key);
    return out;
  };
  const auto before = keys();
  const auto differs_at = [&](std::size_t index) {
    const auto now = keys();
    REQUIRE(now.size() == before.size());
    return now[index] != before[index];
  };
  // 0: wheel, 1: links, 2: weights, 3: code
  SUBCASE("a name that a wheel stands for") {
    fixture.lock.distributions[0].stands_for = {"y"};
    CHECK(differs_at(0));
    CHECK_FALSE(differs_at(1));
  }
  SUBCASE("the compressor") {
    fixture.options.gzip_identity = "gz 2";
    CHECK(differs_at(0));
    CHECK(differs_at(3));
    CHECK_FALSE(differs_at(2));
  }
  SUBCASE("the time") {
    fixture.options.mtime_seconds = 1;
    CHECK(differs_at(0));
    CHECK(differs_at(2));
    CHECK(differs_at(3));
  }
  SUBCASE("the interpreter") {
    fixture.base.summary.interpreter->path = "/opt/python";
    CHECK(differs_at(0));
    CHECK_FALSE(differs_at(3));
  }
  SUBCASE("a special directory") {
    fixture.base.summary.tree.set("usr/local/lib", directory(02775, 50));
    CHECK(differs_at(0));
    CHECK_FALSE(differs_at(3));
  }
  SUBCASE("the wheel") {
    fixture.lock.distributions[0].digest = digest::digest_of("y");
    CHECK(differs_at(0));
    CHECK_FALSE(differs_at(2));
  }
  SUBCASE("the weights") {
    fixture.listing.files[1].stamp.ctime_ns += 1;
    CHECK(differs_at(2));
    CHECK_FALSE(differs_at(0));
  }
  SUBCASE("the schema") {
    fixture.options.openapi_schema = "{}";
    CHECK(differs_at(3));
    CHECK_FALSE(differs_at(0));
  }
}

TEST_CASE("plan_image: weights are raw, stored in gzip, or zstd where it pays") {
  Fixture fixture;
  fixture.add_file("a.bin", 20'000'000, project::FileRole::weights);
  fixture.add_file("b.bin", 20'000'000, project::FileRole::weights);
  fixture.compressible = {{"a.bin", true}, {"b.bin", false}};
  const auto of = [&](CompressionChoice choice) {
    fixture.options.compression = choice;
    std::vector<plan::Compression> out;
    for (const auto& layer : fixture.planned().layers)
      if (layer.kind == LayerKind::weights) out.push_back(layer.compression);
    return out;
  };
  using plan::Compression;
  CHECK(of(CompressionChoice::automatic) == std::vector{Compression::none, Compression::none});
  CHECK(of(CompressionChoice::gzip) ==
        std::vector{Compression::gzip_stored, Compression::gzip_stored});
  CHECK(of(CompressionChoice::zstd) == std::vector{Compression::zstd, Compression::none});
}

TEST_CASE("plan_image: hard links of one weights file share its layer") {
  Fixture fixture;
  fixture.add_file("a.bin", 20'000'000, project::FileRole::weights);
  fixture.add_file("b.bin", 20'000'000, project::FileRole::weights);
  for (auto& file : fixture.listing.files)
    if (file.role == project::FileRole::weights) {
      file.stamp.inode = 77;
      file.link_count = 2;
    }
  const auto plan = fixture.planned();
  const auto& weights = std::get<plan::WeightsLayer>(plan.layers[1].content).files;
  REQUIRE(weights.size() == 2);
  CHECK(weights[0].hardlink_to.empty());
  CHECK(weights[1].hardlink_to == "src/a.bin");
}

TEST_CASE("plan_image: never more layers than allowed, however many shards") {
  Fixture fixture;
  for (int i = 0; i < 300; ++i)
    fixture.add_file("shard-" + std::to_string(1000 + i), 20'000'000, project::FileRole::weights);
  for (int i = 0; i < 80; ++i)
    fixture.lock.distributions.push_back(
        {.name = "p" + std::to_string(i), .version = "1", .size_bytes = 30'000'000});
  fixture.options.max_layers = 100;
  fixture.base.layers.resize(20);
  CHECK(fixture.planned().layers.size() + 20 <= 100);
}

TEST_CASE("plan_image: what cannot be built yet is said with its place") {
  Fixture fixture;
  fixture.config.run_steps = {
      {.value = {.command = "make"}, .location = {.file = "cog.yaml", .line = 4, .column = 7}}};
  const auto refused = fixture.plan();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "`run` commands cannot be executed by this version");
  CHECK(refused.error().location()->line == 4);
}

TEST_CASE("pip_freeze: as pip prints it in the image") {
  base::TreeSummary base;
  base.interpreter = base::Interpreter{.version = "3.11.2"};
  base.distributions = {{.name = "PyYAML", .version = "5.0"},
                        {.name = "setuptools", .version = "66"},
                        {.name = "Zoo", .version = "1"}};
  lock::Lock lock;
  lock.distributions = {
      {.name = "pyyaml", .metadata_name = "PyYAML", .version = "6.0.2"},
      {.name = "typing-extensions", .metadata_name = "typing_extensions", .version = "4.12"},
      {.name = "pip", .metadata_name = "pip", .version = "25"},
      {.name = "direct",
       .metadata_name = "direct",
       .version = "1",
       .location = "https://h/direct-1-py3-none-any.whl",
       .direct_url = true}};
  CHECK(plan::pip_freeze(lock, base) ==
        "direct @ https://h/direct-1-py3-none-any.whl#sha256=" + std::string(64, '0') +
            "\n"
            "PyYAML==6.0.2\ntyping_extensions==4.12\nZoo==1\n");
  base.interpreter->version = "3.12.0";
  CHECK(plan::pip_freeze(lock, base).find("setuptools==66") != std::string::npos);
}

TEST_CASE("pip_freeze: a name that a distribution stands for is installed too") {
  base::TreeSummary base;
  base.interpreter = base::Interpreter{.version = "3.11.2"};
  base.distributions = {{.name = "opencv-python", .version = "4.1"}};
  lock::Lock lock;
  lock.distributions = {{.name = "opencv-python-headless",
                         .metadata_name = "opencv-python-headless",
                         .version = "4.10.0.84",
                         .stands_for = {"opencv-python"}}};
  CHECK(plan::pip_freeze(lock, base) ==
        "opencv-python==4.10.0.84\nopencv-python-headless==4.10.0.84\n");
}

TEST_CASE("pip_freeze: versions are canonical; what is part of Python is left out") {
  base::TreeSummary base;
  base.interpreter = base::Interpreter{.version = "3.12.1"};
  base.distributions = {{.name = "Odd", .version = "not a version"},
                        {.name = "argparse", .version = "1.4.0"},
                        {.name = "b", .version = "v1.0-RC1"},
                        {.name = "pip", .version = "24.0"},
                        {.name = "wheel", .version = "0.42.0"}};
  CHECK(plan::pip_freeze({}, base) == "b==1.0rc1\nOdd===not a version\nwheel==0.42.0\n");
}

TEST_CASE("parse_compression: the four words") {
  CHECK(plan::parse_compression("auto") == CompressionChoice::automatic);
  CHECK(plan::parse_compression("zstd") == CompressionChoice::zstd);
  const auto refused = plan::parse_compression("xz");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message() == "`xz` is not a compression");
}
