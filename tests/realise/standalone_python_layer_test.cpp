#include "support/raw_tar.hpp"
#include "support/unpack.hpp"

#include <cogbuild/archive/tar_reader.hpp>
#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/http/scripted_client.hpp>
#include <cogbuild/realise/realise.hpp>
#include <cogbuild/recipe/reader.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

using namespace cogbuild;
using test::directory;
using test::hardlink;
using test::RawEntry;

namespace {

using Rows = std::vector<std::string>;

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  store::MemoryBlobStore blobs{};
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  progress::Recording reporter{};
  http::ScriptedClient http{};
  io::DiskTree project{directory.path()};

  Result<std::vector<realise::Layer>> realise(const std::string& archive) {
    const auto path = directory.path() / "cpython.tar.gz";
    TRY(io::write_atomically(path, archive));
    plan::LayerPlan layer{.kind = plan::LayerKind::python,
                          .title = "CPython",
                          .compression = plan::Compression::none,
                          .mtime_seconds = 315532800,
                          .key = digest::digest_of(archive)};
    layer.content = plan::StandalonePythonLayer{
        .python = {.version = "3.12.11", .digest = digest::digest_of(archive)}};
    return realise::realise(
        {.layers = {layer}}, {},
        {.project = project,
         .blobs = blobs,
         .keys = keys,
         .fetch = {.http = http, .blobs = blobs, .clock = clock, .reporter = reporter},
         .wanted = {},
         .fetch_debs = {},
         .wanted_python = [&](const lock::LockedPython& python) -> Result<fetch::Wanted> {
           return fetch::Wanted{
               .label = "CPython", .location = path.string(), .digest = python.digest};
         },
         .clock = clock,
         .reporter = reporter});
  }

  std::string message(const std::vector<RawEntry>& entries) {
    const auto layers = realise(test::raw_tar(entries));
    return layers ? "no error" : layers.error().message();
  }

  Rows rows(const realise::Layer& layer) {
    // Small and raw: all of it is a literal of the recipe.
    io::MemorySource tar(std::get<recipe::Literal>(layer.recipe->segments.at(0)).bytes);
    auto reader = archive::TarReader::open(tar);
    REQUIRE(reader);
    Rows out;
    for (;;) {
      const auto entry = reader->next();
      REQUIRE(entry);
      if (!*entry) return out;
      archive::EntrySource content(*reader);
      const auto text = *io::read_all(content, 1 << 20);
      const auto type = (*entry)->type;
      out.push_back(fmt::format("{}{:o} {}:{} {} {}", "fdlh"[static_cast<std::size_t>(type)],
                                (*entry) -> mode, (*entry) -> uid, (*entry) -> gid,
                                (*entry) -> path,
                                type == archive::EntryType::file ? text : (*entry) -> link_target));
    }
  }
};

}  // namespace

TEST_CASE(
    "standalone python: the archive below the prefix, owned by root, without what is unused") {
  Fixture fixture;
  const auto layers = fixture.realise(test::stored_gzip(test::raw_tar({
      directory("python/"),
      {.name = "python/bin/python3.12", .content = "elf", .mode = 0775, .uid = 1000, .gid = 1000},
      test::symlink("python/bin/python3", "python3.12"),
      hardlink("python/bin/same", "python/bin/python3.12"),
      {.name = "python/lib/libpython3.12.so.1.0", .content = "so", .mode = 0755},
      {.name = "python/lib/libpython3.12.a", .content = "static"},
      {.name = "python/lib/python3.12/EXTERNALLY-MANAGED", .content = "stop"},
      {.name = "python/lib/python3.12/__pycache__/os.cpython-312.pyc", .content = "pyc"},
      {.name = "python/lib/python3.12/os.py", .content = "os", .mode = 0664},
      directory("python/lib/python3.12/test"),
      {.name = "python/lib/python3.12/test/__init__.py", .content = "test"},
      {.name = "python/lib/python3.12/testing.py", .content = "kept"},
      {.name = "python/share/man/man1/python3.1", .content = "manual"},
      directory("python/share/terminfo", 0700),
  })));
  REQUIRE_MESSAGE(layers, layers.error().message());
  CHECK(fixture.rows(layers->front()) ==
        Rows{"d755 0:0 usr ", "d755 0:0 usr/local ", "d755 0:0 usr/local/bin ",
             "f755 0:0 usr/local/bin/python3.12 elf", "l777 0:0 usr/local/bin/python3 python3.12",
             "h644 0:0 usr/local/bin/same usr/local/bin/python3.12", "d755 0:0 usr/local/lib ",
             "f755 0:0 usr/local/lib/libpython3.12.so.1.0 so", "d755 0:0 usr/local/lib/python3.12 ",
             "f644 0:0 usr/local/lib/python3.12/os.py os",
             "f644 0:0 usr/local/lib/python3.12/testing.py kept", "d755 0:0 usr/local/share ",
             "d755 0:0 usr/local/share/terminfo "});
  CHECK(layers->front().items ==
        std::vector<realise::ContentItem>{
            {.kind = "python", .name = "CPython", .version = "3.12.11", .unpacked_bytes = 11}});
}

TEST_CASE("standalone python: what is no such archive is refused") {
  Fixture fixture;
  CHECK(fixture.message({{.name = "node/bin/node", .content = "x"}}) ==
        "the archive of CPython holds `node/bin/node` beside `python/`");
  CHECK(fixture.message({directory("python/")}) ==
        "the archive of CPython holds nothing below `python/`");
  CHECK(fixture.message({{.name = "python/a", .content = "x"}, {.name = "python/a"}}) ==
        "the archive of CPython holds `python/a` twice");
  CHECK(fixture.message({hardlink("python/a", "python/b")}) ==
        "`python/a` is another name of `python/b`, which is not there");
  CHECK(fixture.message({{.name = "python/a", .type = '6'}}) ==
        "`python/a` is a device, pipe or socket");
  CHECK(fixture.message({{.name = "python/../../etc/passwd"}}) ==
        "the entry name `python/../../etc/passwd` climbs out with `..`");
}
