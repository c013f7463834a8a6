#include <cogbuild/digest/hasher.hpp>
#include <cogbuild/store/file_digests.hpp>

#include <doctest/doctest.h>

#include <string>
#include <unistd.h>
#include <vector>

using namespace cogbuild;
namespace fs = std::filesystem;

namespace {

struct Fixture {
  io::TempDir directory = *io::TempDir::create();
  store::MemoryKeyIndex keys{};
  clock::ManualClock clock{};
  store::FileDigests digests{keys, clock};
  fs::path file = directory.path() / "weights.bin";

  Fixture() {
    REQUIRE(io::write_atomically(file, "content"));
    set_age(std::chrono::hours(1));
  }
  // Puts the clock so that the file was changed `age` ago.
  void set_age(std::chrono::nanoseconds age) {
    const auto changed = std::chrono::nanoseconds(io::stamp(file)->ctime_ns);
    clock.set(clock::Time(std::chrono::ceil<clock::Time::duration>(changed + age)));
  }
};

}  // namespace

TEST_CASE("digest_file: reads a settled file at once") {
  Fixture fixture;
  CHECK(store::digest_file(fixture.file, *io::stamp(fixture.file), fixture.clock) ==
        digest::digest_of("content"));
  CHECK(fixture.clock.slept() == std::chrono::milliseconds(0));
}

TEST_CASE("digest_file: waits until a fresh file is older than a clock tick") {
  Fixture fixture;
  fixture.set_age(std::chrono::milliseconds(5));
  CHECK(store::digest_file(fixture.file, *io::stamp(fixture.file), fixture.clock) ==
        digest::digest_of("content"));
  CHECK(fixture.clock.slept() == std::chrono::milliseconds(15));
  CHECK(
      fixture.digests.put({fixture.file, *io::stamp(fixture.file), digest::digest_of("content")}));
  CHECK(fixture.digests.get(fixture.file, *io::stamp(fixture.file)) ==
        digest::digest_of("content"));
}

TEST_CASE("digest_file: a file from the future is hashed without waiting and not remembered") {
  Fixture fixture;
  fixture.set_age(-std::chrono::hours(1));
  const auto stamp = *io::stamp(fixture.file);
  const auto digest = store::digest_file(fixture.file, stamp, fixture.clock);
  CHECK(digest == digest::digest_of("content"));
  CHECK(fixture.clock.slept() == std::chrono::milliseconds(0));
  CHECK(fixture.digests.put({fixture.file, stamp, *digest}));
  CHECK(fixture.digests.get(fixture.file, stamp) == std::nullopt);
}

TEST_CASE("digest_file: a file with another stamp is an integrity error") {
  const Fixture fixture;
  auto stamp = *io::stamp(fixture.file);
  ::usleep(20'000);
  SUBCASE("rewritten") { REQUIRE(io::write_atomically(fixture.file, "CONTENT")); }
  SUBCASE("touched") { REQUIRE(::truncate(fixture.file.c_str(), 7) == 0); }
  SUBCASE("of another size") { stamp.size_bytes = 6; }
  clock::SystemClock clock;
  const auto digest = store::digest_file(fixture.file, stamp, clock);
  REQUIRE(!digest);
  CHECK(digest.error().kind() == ErrorKind::integrity);
  CHECK(render(digest.error()) == "error: " + fixture.file.string() +
                                      " changed while it was read\nhint: run the build again\n");
}

TEST_CASE("digest_file: a missing file is not found") {
  const Fixture fixture;
  clock::SystemClock clock;
  const auto digest = store::digest_file(fixture.directory.path() / "absent", {}, clock);
  REQUIRE(!digest);
  CHECK(digest.error().kind() == ErrorKind::not_found);
}

TEST_CASE("file digests: a digest is trusted for its stamp alone") {
  Fixture fixture;
  const auto stamp = *io::stamp(fixture.file);
  const auto digest = digest::digest_of("content");
  CHECK(fixture.digests.put({fixture.file, stamp, digest}));
  CHECK(fixture.digests.get(fixture.file, stamp) == digest);
  CHECK(fixture.digests.get("/elsewhere", stamp) == std::nullopt);
  const auto changed = [&](auto member) {
    auto other = stamp;
    other.*member += 1;
    return fixture.digests.get(fixture.file, other) == std::nullopt;
  };
  CHECK(changed(&io::FileStamp::device));
  CHECK(changed(&io::FileStamp::inode));
  CHECK(changed(&io::FileStamp::size_bytes));
  CHECK(changed(&io::FileStamp::mtime_ns));
  CHECK(changed(&io::FileStamp::ctime_ns));
}

TEST_CASE("file digests: a stamp within a clock tick is not kept") {
  Fixture fixture;
  const auto stamp = *io::stamp(fixture.file);
  fixture.set_age(std::chrono::milliseconds(19));
  CHECK(fixture.digests.put({fixture.file, stamp, digest::digest_of("content")}));
  CHECK(fixture.digests.get(fixture.file, stamp) == std::nullopt);
}

TEST_CASE("file digests: many at once, in order") {
  Fixture fixture;
  const auto stamp = *io::stamp(fixture.file);
  std::vector<store::DigestedFile> put;
  std::vector<store::StampedFile> asked;
  for (int i = 0; i < 1000; ++i) {
    const fs::path path = "/project/" + std::to_string(i);
    if (i % 2 == 0) put.push_back({path, stamp, digest::digest_of(path.native())});
    asked.push_back({path, stamp});
  }
  CHECK(fixture.digests.put_many(put));
  const auto digests = fixture.digests.get_many(asked);
  REQUIRE(digests);
  REQUIRE(digests->size() == 1000);
  CHECK(digests->at(4) == digest::digest_of("/project/4"));
  CHECK(digests->at(5) == std::nullopt);
}

TEST_CASE("file digests: an entry that makes no sense is a miss") {
  const Fixture fixture;
  const auto stamp = *io::stamp(fixture.file);
  for (const std::string value : {"", "1 2 3", "1 2 3 4 5 sha256:00"}) {
    store::MemoryKeyIndex keys;
    CHECK(keys.put(store::Table::file, fixture.file.native(), value));
    CHECK(store::FileDigests(keys, fixture.clock).get(fixture.file, stamp) == std::nullopt);
  }
}
