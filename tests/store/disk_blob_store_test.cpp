#include "restricted.hpp"

#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/io/bytes.hpp>
#include <cogbuild/io/file.hpp>
#include <cogbuild/store/blob_store.hpp>

#include <doctest/doctest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace cogbuild;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  fs::path root = directory.path() / "cache";
  store::DiskBlobStore blobs{root};

  Fixture() { fs::permissions(directory.path(), fs::perms(0755)); }
  [[nodiscard]] std::size_t temporaries() const {
    std::error_code code;
    std::size_t count = 0;
    for (fs::directory_iterator entry(root / "tmp", code), end; entry != end; ++entry) ++count;
    return count;
  }
};

}  // namespace

TEST_CASE("disk blob store: nothing is made before the first write") {
  const Fixture fixture;
  CHECK(fixture.blobs.list()->empty());
  CHECK(!fs::exists(fixture.root));
}

TEST_CASE("disk blob store: a blob is a read-only file named by its digest") {
  Fixture fixture;
  const auto blob = *store::put(fixture.blobs, "hello");
  const auto path = fixture.root / "blobs" / "sha256" / blob.hex();
  CHECK(fixture.blobs.file(blob) == path);
  CHECK((fs::status(path).permissions() & fs::perms::mask) == fs::perms(0444));
  CHECK(fixture.temporaries() == 0);
}

TEST_CASE("disk blob store: other files among the blobs are not listed") {
  Fixture fixture;
  const auto blob = *store::put(fixture.blobs, "hello");
  const auto directory = fixture.root / "blobs" / "sha256";
  REQUIRE(io::write_atomically(directory / "note", "x"));
  REQUIRE(io::write_atomically(directory / std::string(64, 'A'), "x"));
  fs::create_directory(directory / std::string(64, 'b'));
  const auto listed = *fixture.blobs.list();
  REQUIRE(listed.size() == 1);
  CHECK(listed.front().first == blob);
}

TEST_CASE("disk blob store: no temporary file outlives its writer") {
  Fixture fixture;
  {
    const auto writer = *fixture.blobs.create();
    CHECK(writer->write(io::bytes("hello")));
    CHECK(fixture.temporaries() == 1);
  }
  CHECK(fixture.temporaries() == 0);
}

TEST_CASE("disk blob store: a read-only root serves reads and says why it takes no writes") {
  Fixture fixture;
  const auto blob = *store::put(fixture.blobs, "hello");
  for (const auto& path : {fixture.root / "tmp", fixture.root / "blobs" / "sha256"})
    fs::permissions(path, fs::perms(0555));
  {
    const AsNobody nobody;
    CHECK(store::get(fixture.blobs, blob, 10) == "hello");
    CHECK(fixture.blobs.list()->size() == 1);
    const auto writer = fixture.blobs.create();
    REQUIRE(!writer);
    CHECK(render(writer.error()) ==
          "error: cannot write to the cache " + fixture.root.string() +
              ": Permission denied\n"
              "hint: set COGBUILD_CACHE_DIR to a directory that can be written\n");
    CHECK(!fixture.blobs.remove(blob));
  }
  for (const auto& path : {fixture.root / "tmp", fixture.root / "blobs" / "sha256"})
    fs::permissions(path, fs::perms(0755));
}

TEST_CASE("disk blob store: a root that cannot be made is an error that says where to go") {
  Fixture fixture;
  const AsNobody nobody;
  fixture.blobs = store::DiskBlobStore("/proc/cogbuild");
  const auto writer = fixture.blobs.create();
  REQUIRE(!writer);
  CHECK(writer.error().message().starts_with("cannot write to the cache /proc/cogbuild: "));
  CHECK(writer.error().hints() ==
        std::vector<std::string>{"set COGBUILD_CACHE_DIR to a directory that can be written"});
}

TEST_CASE("disk blob store: a full disk is a clear error and leaves nothing") {
  Fixture fixture;
  const auto kept = *store::put(fixture.blobs, "kept");
  {
    const FileSizeLimit limit(4096);
    const auto written = store::put(fixture.blobs, std::string(10'000, 'x'));
    REQUIRE(!written);
    CHECK(render(written.error()) == "error: cannot write to the cache " + fixture.root.string() +
                                         ": File too large\n"
                                         "hint: free some disk space, or set COGBUILD_CACHE_DIR to "
                                         "a directory with more of it\n");
  }
  CHECK(fixture.temporaries() == 0);
  CHECK(fixture.blobs.list()->size() == 1);
  CHECK(store::get(fixture.blobs, kept, 10) == "kept");
}

TEST_CASE("disk blob store: two processes may commit the same blob") {
  Fixture fixture;
  const std::string content(300'000, 'y');
  const auto commit_often = [&] {
    for (int i = 0; i < 20; ++i) {
      if (store::put(fixture.blobs, content) != digest::digest_of(content)) return 1;
      if (!fixture.blobs.remove(digest::digest_of(content))) return 1;
      if (store::put(fixture.blobs, content) != digest::digest_of(content)) return 1;
    }
    return 0;
  };
  const pid_t child = ::fork();
  if (child == 0) ::_exit(commit_often());
  CHECK(commit_often() == 0);
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
  CHECK(store::put(fixture.blobs, content));
  CHECK(store::get(fixture.blobs, digest::digest_of(content), content.size()) == content);
}

TEST_CASE("disk blob store: a kill while writing leaves only a temporary file") {
  Fixture fixture;
  CHECK(store::put(fixture.blobs, "first"));
  const pid_t child = ::fork();
  if (child == 0) {
    const auto writer = fixture.blobs.create();
    if (writer) static_cast<void>((*writer)->write(io::bytes("half")));
    ::raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(fixture.temporaries() == 1);
  CHECK(fixture.blobs.list()->size() == 1);
}
