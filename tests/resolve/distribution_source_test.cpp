#include "support/zip_builder.hpp"

#include <cogbuild/clock/clock.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/progress/reporter.hpp>
#include <cogbuild/resolve/distribution_source.hpp>
#include <cogbuild/resolve/index_source.hpp>
#include <cogbuild/store/blob_store.hpp>
#include <cogbuild/store/key_index.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace cogbuild;
using resolve::DistributionFile;
using resolve::DistributionSource;
using resolve::MemorySource;

namespace {

const std::string kIndexed = "foo_bar-1.0-py3-none-any.whl";
const std::string kDirect = "direct-2.0-py3-none-any.whl";

// Both implementations, holding foo-bar 1.0 and, by location only, direct 2.0.
struct World {
  virtual ~World() = default;
  virtual DistributionSource& source() = 0;
  virtual std::string direct_location() = 0;
};

struct MemoryWorld final : World {
  MemoryWorld() {
    memory.add(
        {.file = {.file_name = kIndexed, .location = "wheels/" + kIndexed},
         .metadata = "Metadata-Version: 2.1\nName: foo_bar\nVersion: 1.0\nRequires-Dist: numpy\n"});
    memory.add_direct("other/" + kDirect,
                      {.file = {.file_name = kDirect, .location = "other/" + kDirect},
                       .metadata = "Metadata-Version: 2.1\nName: direct\nVersion: 2.0\n"});
  }
  DistributionSource& source() override { return memory; }
  std::string direct_location() override { return "other/" + kDirect; }
  MemorySource memory{};
};

struct IndexWorld final : World {
  IndexWorld() {
    test::write_file(directory.path() / "wheels" / kIndexed,
                     test::wheel("foo_bar", "1.0", {}, "Requires-Dist: numpy\n"));
    test::write_file(directory.path() / "other" / kDirect, test::wheel("direct", "2.0", {}));
    pypi::IndexConfig config;
    config.find_links = {(directory.path() / "wheels").string()};
    opened = resolve::open_index_source(config, {http, blobs, keys, clock, reporter}, project);
  }
  DistributionSource& source() override { return *opened; }
  std::string direct_location() override { return "other/" + kDirect; }

  io::TempDir directory = io::TempDir::create().value();
  io::DiskTree project{directory.path()};
  http::ScriptedClient http{};
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  std::unique_ptr<DistributionSource> opened{};
};

python::PackageName name(const std::string& text) {
  return python::PackageName::parse(text).value();
}

}  // namespace

TEST_CASE_TEMPLATE("DistributionSource: the contract of both implementations", T, MemoryWorld,
                   IndexWorld) {
  T world;
  DistributionSource& source = world.source();
  source.prefetch({name("Foo.Bar"), name("nobody")});

  const auto releases = source.releases(name("foo-bar"));
  REQUIRE(releases);
  REQUIRE((*releases)->versions().size() == 1);
  const DistributionFile file = (*releases)->files(0).at(0);
  CHECK(file.file_name == kIndexed);
  CHECK(file.location == "wheels/" + kIndexed);
  CHECK((*source.releases(name("nobody")))->versions().empty());

  source.prefetch_metadata({file});
  const auto metadata = source.metadata(file);
  REQUIRE(metadata);
  CHECK(metadata->find("Requires-Dist: numpy\n") != std::string::npos);
  const auto identity = source.identify(file);
  REQUIRE(identity);
  CHECK(identity->size_bytes > 0);
  CHECK(source.identify(file)->digest == identity->digest);

  const auto direct = source.direct(world.direct_location());
  REQUIRE_MESSAGE(direct, (direct ? "" : render(direct.error())));
  CHECK(direct->file_name == kDirect);
  CHECK(direct->location == "other/" + kDirect);
  CHECK(direct->handle != file.handle);
  CHECK(source.metadata(*direct)->find("Name: direct\n") != std::string::npos);
  CHECK(source.identify(*direct)->digest != identity->digest);

  const auto missing = source.direct("other/none-1-py3-none-any.whl");
  REQUIRE(!missing);
  CHECK(missing.error().kind() == ErrorKind::not_found);
}

TEST_CASE("open_index_source: identities are those of the files") {
  IndexWorld world;
  const auto expected =
      digest::digest_of(io::read_file(world.directory.path() / "wheels" / kIndexed).value());
  const auto releases = world.source().releases(name("foo-bar"));
  CHECK(world.source().identify((*releases)->files(0).at(0))->digest == expected);
}

TEST_CASE_TEMPLATE("DistributionSource: releases and arrivals of both implementations", T,
                   MemoryWorld, IndexWorld) {
  T world;
  DistributionSource& source = world.source();
  CHECK(source.wait().empty());
  source.prefetch({name("Foo.Bar"), name("nobody")});
  std::vector<python::PackageName> projects;
  while (true) {
    const auto arrivals = source.wait();
    if (arrivals.empty()) break;
    projects.insert(projects.end(), arrivals.projects.begin(), arrivals.projects.end());
  }
  std::ranges::sort(projects);
  CHECK(projects == std::vector{name("foo-bar"), name("nobody")});

  const auto releases = source.releases(name("foo-bar"));
  REQUIRE(releases);
  REQUIRE((*releases)->versions().size() == 1);
  CHECK(to_string((*releases)->versions()[0]) == "1.0");
  const auto files = (*releases)->files(0);
  REQUIRE(files.size() == 1);
  CHECK(files[0].file_name == kIndexed);
  CHECK(files[0].location == "wheels/" + kIndexed);
  CHECK(files[0].form == lock::Form::wheel);
  CHECK((*releases)->files(0)[0].handle == files[0].handle);
  CHECK((*source.releases(name("nobody")))->versions().empty());

  source.prefetch_metadata(files);
  CHECK(source.wait().metadata == std::vector{files[0].handle});
  CHECK(source.metadata(files[0]).has_value());
  CHECK(source.wait().empty());
}

TEST_CASE("open_index_source: a file says where it is listed, relative to the project") {
  IndexWorld world;
  test::write_file(world.directory.path() / "wheels" / "foo_bar-2.0.tar.gz", "x");
  const auto releases = world.source().releases(name("foo-bar")).value();
  REQUIRE(releases->versions().size() == 2);
  const auto file = releases->files(1).at(0);
  CHECK(file.form == lock::Form::source_archive);
  CHECK(file.index == "wheels");
  CHECK(file.size_bytes == 1);
}
